"""The same bits on every processor: OpenCV without the code that it picks by what a processor can do."""

from collections.abc import Iterator
from contextlib import contextmanager
from threading import Lock

_lock = Lock()
_inside = 0
_was = True


@contextmanager
def exact() -> Iterator[None]:
    """For pictures that are made within. The switch is the whole process's: it goes back when nobody is inside."""
    import cv2

    global _inside, _was  # noqa: PLW0603
    had_ipp = cv2.ipp.useIPP()  # of this thread
    with _lock:
        if not _inside:
            _was = cv2.useOptimized()
            cv2.setUseOptimized(False)
        _inside += 1
    cv2.ipp.setUseIPP(False)
    try:
        yield
    finally:
        with _lock:
            _inside -= 1
            if not _inside:
                cv2.setUseOptimized(_was)
        cv2.ipp.setUseIPP(had_ipp)
