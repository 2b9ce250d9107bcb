"""The same bits on every processor: OpenCV without the code that it picks by what a processor can do."""

import os
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


def _begin_anew() -> None:
    """In a forked process, as the workers of training code may be: who was inside stayed behind."""
    global _lock, _inside  # noqa: PLW0603
    _lock = Lock()
    if _inside:
        import cv2

        _inside = 0
        cv2.setUseOptimized(_was)


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_begin_anew)
