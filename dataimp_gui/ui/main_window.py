"""The window: which project is open, which page is shown, and where its messages appear."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from PySide6.QtCore import QSize
from PySide6.QtGui import QCloseEvent, QDragEnterEvent, QDropEvent, QFocusEvent
from PySide6.QtWidgets import QApplication, QMainWindow, QSizePolicy, QStackedWidget, QWidget

from dataimp_gui.core.model import Modality
from dataimp_gui.errors import LockedError
from dataimp_gui.ui import settings as ui_settings
from dataimp_gui.ui import theme
from dataimp_gui.ui.kit import parts
from dataimp_gui.ui.kit.notify import Errors, MessageBar, Toast, tell_crash
from dataimp_gui.ui.kit.turns import Turns
from dataimp_gui.ui.pages.start.page import StartPage
from dataimp_gui.ui.pages.triage.page import TriagePage
from dataimp_gui.ui.session import Session
from dataimp_gui.ui.settings import Settings
from dataimp_gui.ui.shell.commands import Commands
from dataimp_gui.ui.shell.glancing import Glancing
from dataimp_gui.ui.shell.guarding import Guard
from dataimp_gui.ui.shell.missing_media import MissingMedia
from dataimp_gui.ui.shell.opening import Opened, Opening
from dataimp_gui.ui.shell.paging import Paging
from dataimp_gui.ui.shell.rail import Rail
from dataimp_gui.ui.shell.remembering import Remembered
from dataimp_gui.ui.shell.reviewing import Reviewing
from dataimp_gui.ui.shell.saved_views import SavedViews
from dataimp_gui.ui.shell.signing import NameCard
from dataimp_gui.ui.shell.status_bar import StatusBar
from dataimp_gui.ui.shell.top_bar import StartBar, TopBar
from dataimp_gui.ui.window_actions import ACTIONS, show_settings, tell_edit, tell_import

if TYPE_CHECKING:
    from dataimp_gui.ui.pages.page import Page

WORDY: Final = frozenset((Modality.TEXT, Modality.TABLE))  # tiles of these hold words
SMALLEST: Final = (1120, 700)
AT_FIRST: Final = (1440, 900)
FRAME: Final = QSize(8, 40)  # what the desktop puts around a window, about


class MainWindow(QMainWindow):
    """``config`` is the folder of settings, recent projects and geometry. Nothing here waits."""

    def __init__(self, config: Path) -> None:
        super().__init__()
        self.setWindowTitle("Dataimp")
        room = self.screen().availableSize()  # a small screen, or one whose scale is large, has less than we ask for
        self.setMinimumSize(QSize(*SMALLEST).boundedTo(room - FRAME))
        self.resize(QSize(*AT_FIRST).boundedTo(room - FRAME))
        self.setAcceptDrops(True)
        self.config = config
        self.settings = ui_settings.load(config)
        self.session: Session | None = None
        self.page: Page | None = None
        self.top: TopBar | None = None
        self.views: SavedViews | None = None
        self._arriving: Turns | None = None  # a project that is being shown
        self.commands: Commands = Commands(self)
        self.commands.use_keys(self.settings.keys)
        self.start: StartPage = StartPage(config)
        self.reviewing: Reviewing = Reviewing(self)
        self.paging: Paging = Paging(self)
        self.opening = Opening(self)
        self.opening.author = self.settings.signature
        self.toast, self.message_bar = Toast(self), MessageBar(self)
        self.errors = Errors(self, self)
        self.remembered = Remembered(config)
        self.tile_field = "tile_size"  # the setting that holds the width of a tile of the open project
        self._build()
        self.name_card: NameCard = NameCard(self)
        self._connect()
        self.remembered.restore_window(self)
        self._show_start()

    def _build(self) -> None:
        self.rail = Rail()
        self._tops, self._pages = QStackedWidget(), QStackedWidget()
        self._tops.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self._pages.addWidget(self.start)
        start_bar = StartBar()
        start_bar.commands_wanted.connect(self.commands.show_palette)
        self._tops.addWidget(start_bar)
        self.status = StatusBar()
        self.status.watch(self.opening.jobs)
        right = parts.column(gap=0)
        self.missing: MissingMedia = MissingMedia(self)
        for widget, stretch in ((self._tops, 0), (self.missing, 0), (self._pages, 1)):
            right.addWidget(widget, stretch)
        upper = parts.row(gap=0)
        upper.addWidget(self.rail)
        upper.addLayout(right, 1)
        whole = QWidget()
        column = parts.column(whole, gap=0)
        column.addLayout(upper, 1)
        column.addWidget(self.status)
        self.setCentralWidget(whole)

    def _connect(self) -> None:
        self.opening.opened.connect(self._opened)
        self.opening.failed.connect(self._not_opened)
        self.status.undo_wanted.connect(self.undo)
        self.start.open_wanted.connect(self.open)
        self.start.import_wanted.connect(self.import_source)
        self.start.demo_wanted.connect(self.open_demo)
        self.commands.add(ACTIONS, self)
        self.rail.chosen.connect(self.paging.turn_to)
        self.rail.add_foot("settings", "Settings", partial(show_settings, self))
        self.rail.add_foot("help", "Help", self.commands.show_keys)

    # projects

    def open(self, path: Path) -> None:
        """Open a project folder; anything else is offered for import."""
        if self.session is not None and path.resolve() == self.session.project.path.resolve():
            return
        if (path / "project.sqlite").is_file() or path.suffix == ".dataimp":
            self.opening.open(path)
        else:
            self.import_source(path)

    def _not_opened(self, error: Exception) -> None:
        if isinstance(error, LockedError):
            look = partial(self.opening.open, error.folder, read_only=True)
            self.message_bar.show_error(str(error), error.hint, ("Open read-only", look))
        else:
            self.errors.show(error)

    def import_source(self, path: Path | None = None) -> None:
        from dataimp_gui.ui.dialogs.import_dialog import ImportDialog

        dialog = ImportDialog(self.opening, path, self)
        dialog.open()

    def open_demo(self, name: str = "") -> None:
        self.opening.demo(name, None)

    def _opened(self, opened: Opened) -> None:
        """In turns, as each of them takes a while: what is made is shown, and becomes the open project, in the last."""
        self._leave()
        session = Session(opened.project, ThreadPoolExecutor(1, thread_name_prefix="write"), self)
        session.writes.failed.connect(self.errors.show)
        session.reads.failed.connect(self.errors.show)
        session.edited.connect(partial(tell_edit, self))
        self.tile_field = "text_tile_size" if session.project.modality in WORDY else "tile_size"
        made: list[TopBar] = []
        self._arriving = Turns(
            (
                lambda: made.append(self._build_top(session)),
                lambda: self.paging.prepare(session),
                lambda: self._show_project(session, made[0], opened),
            ),
            self,
        )

    def _build_top(self, session: Session) -> TopBar:
        top = TopBar(session, self.commands.menu_button("Project and versions", ("Project", "Versions", "Program")))
        top.commands_wanted.connect(self.commands.show_palette)
        top.query.history = self.remembered.queries(session.project.path)
        return top

    def _show_project(self, session: Session, top: TopBar, opened: Opened) -> None:
        self._arriving = None
        self.session, self.top = session, top
        self.paging.open()
        self.status.follow(session)
        self.reviewing.follow(session)
        self.missing.follow(session)
        self.name_card.follow(session)
        self.views = SavedViews(self, session, top)
        Guard(self, session)
        note = " (read-only)" if session.project.read_only else ""
        self.setWindowTitle(f"{theme.one_line(session.project.name)}{note} – Dataimp")
        session.start()
        self.setFocus()
        Glancing(session, self.config)
        self.remembered.restore_comparison(session)
        if opened.summary is not None:
            tell_import(self, opened.summary)

    def _leave(self) -> None:
        """Close what is open; the edits that were made reach the disk first."""
        if self._arriving is not None:
            self._arriving.finish()
        if self.session is None or self.page is None:
            return
        self.reviewing.end()
        self.missing.end()
        self.name_card.end()
        if self.views is not None:
            self.views.end()
        if self.top is not None:
            self.remembered.save_queries(self.session.project.path, self.top.query.history)
            self.forget(self.top)
        self.paging.close()
        self.status.rest()
        self.session.close()
        self.session.deleteLater()
        self.session = self.page = self.top = self.views = None

    def show_page(self, top: QWidget, page: QWidget) -> None:
        for stack, widget in ((self._tops, top), (self._pages, page)):
            if stack.indexOf(widget) < 0:
                stack.addWidget(widget)
            stack.setCurrentWidget(widget)

    def forget(self, widget: QWidget) -> None:
        """A page or a bar is no longer needed."""
        for stack in (self._tops, self._pages):
            stack.removeWidget(widget)
        widget.deleteLater()

    def close_project(self) -> None:
        self._leave()
        self._show_start()

    def _show_start(self) -> None:
        self.start.refresh()
        self._pages.setCurrentWidget(self.start)
        self.setWindowTitle("Dataimp")
        self.setFocus()

    # what a person is told

    def show_message(self, message: str, hint: str) -> None:
        self.message_bar.show_error(message, hint)

    def show_crash(self, error: BaseException) -> None:
        tell_crash(error, self.message_bar, self.config / "reports")

    def use_settings(self, settings: Settings) -> None:
        app = QApplication.instance()
        if isinstance(app, QApplication) and (settings.theme, settings.font_scale) != (
            self.settings.theme,
            self.settings.font_scale,
        ):
            theme.apply(app, settings.theme, settings.font_scale)
        self.settings = settings
        if isinstance(page := self.paging.pages.get("triage"), TriagePage):
            page.gallery.set_tile_width(getattr(settings, self.tile_field))
            page.gallery.preview.follows_mouse = settings.preview
        self.commands.use_keys(settings.keys)
        self.opening.author = settings.signature
        if self.session is not None and settings.signature:
            self.session.project.sign_as(settings.signature)
        ui_settings.save(settings, self.config)

    def keep_tile_size(self, width: int) -> None:
        changed: dict[str, Any] = {self.tile_field: width}
        self.settings = replace(self.settings, **changed)

    # keys

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Whoever is done with the keyboard gives it to the window, and that to what the page is about."""
        super().focusInEvent(event)
        if self.reviewing.page is not None:
            return  # its keys work wherever the focus is
        if self.page is not None:
            self.page.focus_view()
        else:
            self.start.import_button.setFocus(event.reason())

    def focusNextPrevChild(self, forward: bool) -> bool:
        """A widget that goes away with the keyboard gives it back to the window, not to whichever comes next."""
        focused = QApplication.focusWidget()
        if focused is not None and not focused.isVisible():
            self.setFocus()
            return True
        return super().focusNextPrevChild(forward)

    def undo(self) -> None:
        if self.reviewing.page is not None:
            self.reviewing.page.step_back()
        elif self.session:
            self.session.undo()

    def redo(self) -> None:
        if self.reviewing.page is not None:
            self.reviewing.page.redo()
        elif self.session:
            self.session.redo()

    def find_examples(self) -> None:
        if self.top:
            self.top.query.field.setFocus()
            self.top.query.field.selectAll()

    def refresh(self) -> None:
        if self.session:
            self.session.refresh()
            self.missing.look()

    def toggle_left(self) -> None:
        if page := self.reviewing.page or self.page:
            page.show_left(not page.left_shown)

    def toggle_right(self) -> None:
        if page := self.reviewing.page or self.page:
            page.show_right(not page.right_shown)

    # what is dropped on it, and how it was left

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if event.mimeData().hasUrls() and event.mimeData().urls()[0].isLocalFile():
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        event.acceptProposedAction()
        path = Path(event.mimeData().urls()[0].toLocalFile())
        if self.page is None or not self.page.take_file(path):
            self.open(path)

    def closeEvent(self, event: QCloseEvent) -> None:
        """Edits that were made are on the disk before the window goes."""
        self.remembered.save_window(self)
        ui_settings.save(self.settings, self.config)
        self._leave()
        self.opening.close()
        self.remembered.sync()
        event.accept()
