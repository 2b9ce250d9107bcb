"""Where news and errors go: a toast, a bar that stays, a crash report in a file that can be copied."""

import hashlib
import logging
import platform
import sys
import threading
import traceback
from collections.abc import Callable
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from types import TracebackType
from typing import Final, Protocol

from PySide6.QtCore import QEvent, QObject, Qt, QTimer, Signal
from PySide6.QtGui import QAccessible, QAccessibleAnnouncementEvent, QGuiApplication
from PySide6.QtWidgets import QDialog, QFrame, QPlainTextEdit, QPushButton, QWidget

from dataimp_gui.about import VERSION
from dataimp_gui.errors import Cancelled, DataimpError
from dataimp_gui.ui import theme
from dataimp_gui.ui.kit.parts import Elided, button, column, icon_button, row, sign, text

log = logging.getLogger(__name__)

TOAST_MS = 6000
WORDS_W = 520
MOST_REPORTS: Final = 20
PACKAGES: Final = ("PySide6-Essentials", "numpy", "duckdb", "onnxruntime", "opencv-python-headless")
Offer = tuple[str, Callable[[], object]]


class _Floating(QFrame):
    """Keeps to the lower middle of its window."""

    def __init__(self, window: QWidget, name: str) -> None:
        super().__init__(window)
        self.setObjectName(name)
        self._lift = 48
        window.installEventFilter(self)
        self._window = window
        self._row = row(self, margins=(12, 6, 8, 6))
        self._sign = sign("info")
        self._words = text()
        self._offer: QPushButton | None = None
        self._row.addWidget(self._sign)
        self._row.addWidget(self._words, 1)
        self.hide()

    @property
    def words(self) -> str:
        return self._words.text()

    def _fill(self, icon: str, colour: str, words: str, offer: Offer | None) -> None:
        self._sign.show_sign(icon, colour)
        self._words.setText(theme.one_line(words))
        self._words.ensurePolished()
        wanted = self._words.fontMetrics().horizontalAdvance(self._words.text()) + 4
        self._words.setMinimumWidth(min(wanted, WORDS_W))  # wraps only what is longer
        if self._offer is not None:
            self._row.removeWidget(self._offer)
            self._offer.deleteLater()
            self._offer = None
        if offer is not None:
            name, run = offer
            self._offer = button(name, kind="link")
            self._offer.clicked.connect(self.hide)
            self._offer.clicked.connect(run)
            self._row.insertWidget(2, self._offer)
            self._offer.show()  # a bar that is in sight already would else make no room for it
        self._place()
        self.show()
        self.raise_()
        QAccessible.updateAccessibility(QAccessibleAnnouncementEvent(self, self._words.text()))

    def _place(self) -> None:
        window = self._window
        self.adjustSize()
        width = min(max(self.sizeHint().width(), 320), window.width() - 40)
        self.resize(width, max(40, self.sizeHint().height()))
        self.move((window.width() - width) // 2, window.height() - self.height() - self._lift)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() is QEvent.Type.Resize and not self.isHidden():
            self._place()
        return super().eventFilter(watched, event)


class Toast(_Floating):
    """What just happened, with at most one thing to do about it; goes by itself after six seconds."""

    def __init__(self, window: QWidget) -> None:
        super().__init__(window, "toast")
        self._timer = QTimer(self, singleShot=True, interval=TOAST_MS)
        self._timer.timeout.connect(self.hide)

    def tell(self, words: str, *, icon: str = "check", colour: str = "ok.text", offer: Offer | None = None) -> None:
        self._fill(icon, colour, words, offer)
        self._timer.start()


class MessageBar(_Floating):
    """An error that a person can act on; stays until it is closed or the next one comes."""

    def __init__(self, window: QWidget) -> None:
        super().__init__(window, "messageBar")
        self._lift = 96
        self._words.setWordWrap(True)
        close = icon_button("close", "Close this message")
        close.clicked.connect(self.hide)
        self._row.addWidget(close)

    def show_error(self, message: str, hint: str = "", offer: Offer | None = None) -> None:
        self._fill("warning", "err.text", " ".join(filter(None, (message, hint))), offer)


class CrashReport(QDialog):
    """A bug, with all that its report needs. The work is saved already: every edit was durable before it was shown."""

    def __init__(self, words: str, place: str = "", parent: QWidget | None = None) -> None:
        """``words`` are those of `report`, ``place`` the file that they stand in."""
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle("Something went wrong in Dataimp")
        self.report = words
        shown = QPlainTextEdit(words, readOnly=True)
        shown.setFont(theme.mono("small"))
        shown.setAccessibleName("Crash report")
        copy = button("Copy report", kind="primary", icon="copy")
        copy.clicked.connect(lambda: QGuiApplication.clipboard().setText(self.report))
        close = button("Go on")
        close.clicked.connect(self.accept)
        buttons = row()
        buttons.addStretch(1)
        buttons.addWidget(close)
        buttons.addWidget(copy)
        lines = column(self, gap=12, margins=(16, 16, 16, 16))
        lines.addWidget(text("Dataimp made a mistake. Your edits are saved.", size="title", strong=True))
        lines.addWidget(
            text("The report names versions and places in the program, none of your data.", colour="secondary")
        )
        lines.addWidget(shown, 1)
        if place:
            lines.addWidget(Elided(f"It is kept in {place}", size="small", colour="muted"))
        lines.addLayout(buttons)
        self.resize(760, 420)


def report(error: BaseException) -> str:
    """Versions, system and trace. What the errors say is left out: it may hold data."""
    named = ", ".join(f"{package} {_version(package)}" for package in PACKAGES)
    home = str(Path.home())
    lines = [f"Dataimp {VERSION}, Python {platform.python_version()}, {platform.platform()}", named, "", *_trace(error)]
    return "\n".join(lines).replace(home, "~") if len(home) > 1 else "\n".join(lines)


def _version(package: str) -> str:
    try:
        return version(package)
    except PackageNotFoundError:  # put together into one program, without the records of its parts
        return "of unknown version"


def _trace(error: BaseException) -> list[str]:
    before = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
    lines = [*_trace(before), "which led to", ""] if before is not None else []
    frames = [line.rstrip() for line in traceback.format_tb(error.__traceback__)]
    return [*lines, *frames, f"{type(error).__module__}.{type(error).__qualname__}", ""]


def keep_report(words: str, folder: Path) -> str:
    """The file that holds a report from now on, one for each mistake; empty when it cannot be written."""
    path = folder / f"crash-{hashlib.sha256(words.encode()).hexdigest()[:10]}.txt"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        path.write_text(words, "utf-8")
        for old in sorted(folder.glob("crash-*.txt"), key=lambda file: file.stat().st_mtime)[:-MOST_REPORTS]:
            old.unlink()
    except OSError:
        return ""
    return str(path)


def tell_crash(error: BaseException, bar: MessageBar, folder: Path) -> None:
    """Keep the report of a bug, and say so in the bar: nobody is kept from going on."""
    words = report(error)
    place = keep_report(words, folder)
    bar.show_error(
        "Dataimp made a mistake. Your edits are saved and you can go on.",
        offer=("Show report", lambda: CrashReport(words, place, bar.window()).open()),
    )


class Shows(Protocol):
    """What a window must be able to do with an error."""

    def show_message(self, message: str, hint: str) -> None: ...

    def show_crash(self, error: BaseException) -> None: ...


class Errors(QObject):
    """Every error of the window comes here: expected ones to the bar, bugs to the log and the crash report."""

    _raised = Signal(object)

    def __init__(self, window: Shows, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._window = window
        self._raised.connect(self.show, Qt.ConnectionType.QueuedConnection)

    def install(self) -> None:
        """Take what nobody caught, on any thread, until `remove`."""
        sys.excepthook = self._hook
        threading.excepthook = self._thread_hook

    def remove(self) -> None:
        sys.excepthook = sys.__excepthook__
        threading.excepthook = threading.__excepthook__

    def show(self, error: BaseException) -> None:
        match error:
            case Cancelled() | KeyboardInterrupt():
                return
            case DataimpError():
                self._window.show_message(str(error), error.hint)
            case OSError():
                place = f": {error.filename}" if error.filename else ""
                self._window.show_message(f"{error.strerror or error}{place}", "")
            case _:
                log.error("A bug", exc_info=error)
                self._window.show_crash(error)

    def _hook(self, _kind: type[BaseException], error: BaseException, _trace: TracebackType | None) -> None:
        self._raised.emit(error)

    def _thread_hook(self, arguments: threading.ExceptHookArgs) -> None:
        if arguments.exc_value is not None:
            self._raised.emit(arguments.exc_value)
