"""The pages of the open project: each is made when it is first shown, and one of them is in sight."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from PySide6.QtCore import QObject, QTimer, QUrl
from PySide6.QtGui import QDesktopServices

from dataimp_gui.core.augment import operations
from dataimp_gui.core.slices.slice import Slice, Source
from dataimp_gui.ui import clauses
from dataimp_gui.ui.dialogs.slice_dialog import SliceDialog
from dataimp_gui.ui.kit.actions import ActionSpec
from dataimp_gui.ui.pages.augment.actions import ACTIONS as AUGMENT_ACTIONS
from dataimp_gui.ui.pages.augment.actions import HELD_KEYS as AUGMENT_HELD
from dataimp_gui.ui.pages.augment.page import AugmentPage
from dataimp_gui.ui.pages.page import Page
from dataimp_gui.ui.pages.slices.actions import ACTIONS as SLICES_ACTIONS
from dataimp_gui.ui.pages.slices.actions import HELD_KEYS as SLICES_HELD
from dataimp_gui.ui.pages.slices.page import SlicesPage
from dataimp_gui.ui.pages.triage.actions import ACTIONS as TRIAGE_ACTIONS
from dataimp_gui.ui.pages.triage.actions import HELD_KEYS
from dataimp_gui.ui.pages.triage.page import TriagePage
from dataimp_gui.ui.pages.versions.actions import ACTIONS as VERSIONS_ACTIONS
from dataimp_gui.ui.pages.versions.actions import HELD_KEYS as VERSIONS_HELD
from dataimp_gui.ui.pages.versions.page import VersionsPage
from dataimp_gui.ui.session import Session
from dataimp_gui.ui.shell.left_behind import LeftBehind

if TYPE_CHECKING:
    from dataimp_gui.ui.main_window import MainWindow

AHEAD_MS: Final = 3000  # when the page that was opened has had its time


@dataclass(frozen=True, slots=True)
class Entry:
    """A line of the rail: ``make`` makes the page and adds its actions."""

    key: str
    icon: str
    title: str
    make: Callable[["MainWindow", Session], Page]
    actions: Sequence[ActionSpec[Any]]


def _triage(window: "MainWindow", session: Session) -> Page:
    page = TriagePage(session, getattr(window.settings, window.tile_field), window.settings.measure_most)
    page.gallery.preview.follows_mouse = window.settings.preview
    page.gallery.view.menu_wanted.connect(partial(window.commands.popup, ("Examples",)))
    page.tile_resized.connect(window.keep_tile_size)
    page.predictions_wanted.connect(window.commands.find("window.add-run").trigger)
    window.commands.add(TRIAGE_ACTIONS, page, HELD_KEYS)
    return page


def _slices(window: "MainWindow", session: Session) -> Page:
    page = SlicesPage(session)
    page.opened.connect(window.paging.show_examples)
    page.told.connect(lambda said: window.status.show_scope(said) if window.page is page else None)
    page.predictions_wanted.connect(window.commands.find("window.add-run").trigger)
    page.exported.connect(lambda said, folder: _tell_export(window, said, folder))
    page.augment_wanted.connect(window.paging.augment)
    page.costs_wanted.connect(window.commands.find("window.costs").trigger)
    window.commands.add(SLICES_ACTIONS, page, SLICES_HELD)
    return page


def _augment(window: "MainWindow", session: Session) -> Page:
    page = AugmentPage(session)
    page.told.connect(lambda said: window.status.show_scope(said) if window.page is page else None)
    page.done.connect(lambda said: window.toast.tell(said, icon="sparkle"))
    page.opened.connect(window.paging.show_examples)
    window.commands.add(AUGMENT_ACTIONS, page, AUGMENT_HELD)
    return page


def _versions(window: "MainWindow", session: Session) -> Page:
    page = VersionsPage(session)
    page.opened.connect(window.paging.show_examples)
    page.told.connect(lambda said: window.status.show_scope(said) if window.page is page else None)
    page.commit_wanted.connect(window.commands.find("window.commit").trigger)
    page.export_wanted.connect(window.commands.find("window.export").trigger)
    page.done.connect(lambda said: window.toast.tell(said, icon="flag"))
    window.commands.add(VERSIONS_ACTIONS, page, VERSIONS_HELD)
    return page


def _tell_export(window: "MainWindow", said: str, folder: Path) -> None:
    show = partial(QDesktopServices.openUrl, QUrl.fromLocalFile(str(folder)))
    window.toast.tell(said, icon="export", offer=("Open folder", show))


ENTRIES = (
    Entry("triage", "triage", "Triage", _triage, TRIAGE_ACTIONS),
    Entry("slices", "slices", "Slices", _slices, SLICES_ACTIONS),
    Entry("augment", "sparkle", "Augment", _augment, AUGMENT_ACTIONS),
    Entry("versions", "versions", "Versions", _versions, VERSIONS_ACTIONS),
)


def _read_ahead(session: Session) -> None:
    """Before the page that needs it is made."""
    session.reads.start(lambda _: operations.table(), lambda _: None)


class Paging(QObject):
    """``pages`` are those that were made, by key; that of the window is the one in sight."""

    def __init__(self, window: "MainWindow") -> None:
        super().__init__(window)
        self._window = window
        self.pages: dict[str, Page] = {}

    def open(self) -> None:
        """A project was opened: offer its pages and show the first."""
        for entry in ENTRIES:
            self._window.rail.add_page(entry.key, entry.icon, entry.title)
        self.turn_to(ENTRIES[0].key)
        if (session := self._window.session) is not None:
            session.slice_wanted.connect(self._save_slice)
            LeftBehind(self._window, session)
            QTimer.singleShot(AHEAD_MS, session, partial(_read_ahead, session))

    def prepare(self, session: Session) -> None:
        """Make the first page of a project that is about to be shown."""
        self._made(ENTRIES[0].key, session)

    def show_examples(self, where: str, row: int) -> None:
        """In Triage, those that a clause selects; ``row`` becomes current, -1 for none."""
        self.turn_to("triage")
        page = self._window.page
        if isinstance(page, TriagePage):
            page.show_within(where, row)

    def augment(self, slice_: Slice) -> None:
        """A policy for the examples of a slice; one that was found without a rule is to be saved first."""
        session = self._window.session
        if session is None:
            return
        if not slice_.where and slice_.source is not Source.SAVED:
            session.slice_wanted.emit(slice_, False)
            return
        session.ask(slice_.where or f"slice = {clauses.quote(slice_.name)}")
        self.turn_to("augment")

    def _save_slice(self, slice_: Slice, is_saved: bool) -> None:
        if self._window.session is not None:
            SliceDialog(self._window.session, slice_, is_saved, self._window).open()

    def turn_to(self, key: str) -> None:
        """Show a page; what covers the pages goes away."""
        window = self._window
        window.reviewing.close()
        if window.session is None or window.top is None:
            return
        before = window.page
        page = self.pages.get(key) or self._made(key, window.session)
        if page is not before:
            if before is not None:
                window.commands.rest(before)
                window.commands.wake(page)
            window.page = page
            window.status.show_scope("")
            window.show_page(window.top, page)
        window.rail.show_page(key)
        page.focus_view()

    def _made(self, key: str, session: Session) -> Page:
        entry = next(entry for entry in ENTRIES if entry.key == key)
        page = self.pages[key] = entry.make(self._window, session)
        self._window.remembered.restore_page(page)
        return page

    def close(self) -> None:
        """The project is about to close."""
        window = self._window
        for page in self.pages.values():
            window.remembered.save_page(page)
            window.commands.remove(page)
            window.forget(page)
        self.pages.clear()
        window.rail.clear_pages()
