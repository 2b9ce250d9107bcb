"""Where news and errors go: a toast, a bar that stays, or a crash report that can be copied."""

import logging
import platform
import sys
import threading
import traceback
from collections.abc import Callable
from types import TracebackType
from typing import Protocol

from PySide6.QtCore import QEvent, QObject, Qt, QTimer, Signal
from PySide6.QtGui import QAccessible, QAccessibleAnnouncementEvent, QGuiApplication
from PySide6.QtWidgets import QDialog, QFrame, QPlainTextEdit, QPushButton, QWidget

from dataimp_gui.about import VERSION
from dataimp_gui.errors import Cancelled, DataimpError
from dataimp_gui.ui import theme
from dataimp_gui.ui.kit.parts import button, column, icon_button, row, sign, text

log = logging.getLogger(__name__)

TOAST_MS = 6000
WORDS_W = 520
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

    def __init__(self, error: BaseException, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle("Something went wrong in Dataimp")
        self.report = report(error)
        shown = QPlainTextEdit(self.report, readOnly=True)
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
        lines.addWidget(text("You can go on, or close the window and open it again.", colour="secondary"))
        lines.addWidget(shown, 1)
        lines.addLayout(buttons)
        self.resize(760, 420)


def report(error: BaseException) -> str:
    """Version, system and trace, as plain text."""
    lines = [f"Dataimp {VERSION}, Python {platform.python_version()}, {platform.platform()}", ""]
    return "\n".join(lines) + "".join(traceback.format_exception(error))


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
