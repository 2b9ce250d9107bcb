"""The saved views of the open project: where they are offered, and how one is shown again."""

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Any, Final

from PySide6.QtCore import QObject, QPoint

from dataimp_gui.core.views import View
from dataimp_gui.ui import theme
from dataimp_gui.ui.kit.actions import ActionSpec
from dataimp_gui.ui.kit.notify import Offer
from dataimp_gui.ui.pages.triage.page import TriagePage
from dataimp_gui.ui.session import Session
from dataimp_gui.ui.shell.top_bar import TopBar
from dataimp_gui.ui.shell.views_popup import ViewsPopup, words

if TYPE_CHECKING:
    from dataimp_gui.ui.main_window import MainWindow

PAGE: Final = "triage"


class SavedViews(QObject):
    """Opened by the bookmark in the query bar; each view is a command too."""

    def __init__(self, window: "MainWindow", session: Session, top: TopBar) -> None:
        super().__init__(window)
        self._window, self._session = window, session
        self._button = top.query.bookmark
        self._button.clicked.connect(self.open)
        self.popup = ViewsPopup(self._button)
        self.popup.chosen.connect(self.show_view)
        self.popup.saved.connect(self._save)
        self.popup.renamed.connect(self._rename)
        self.popup.removed.connect(self._remove)
        self.known: tuple[View, ...] = ()
        session.answered.connect(self._mark)
        views = session.project.views
        session.reads.start(lambda _: views.all(), self._learn, key="views")

    def end(self) -> None:
        """The project is about to close."""
        self._window.commands.remove(self._button)
        self.deleteLater()

    def open(self) -> None:
        self._mark()  # the click turned the button on or off
        corner = self._button.mapToGlobal(QPoint(self._button.width(), self._button.height() + 8))
        self.popup.open_under(corner, self.known, words(self.now()), read_only=self._session.project.read_only)

    def now(self) -> View:
        """What is shown, without a name."""
        session, run = self._session, self._session.project.run
        page = self._window.paging.pages.get(PAGE)
        return View(
            "",
            session.in_force.strip(),
            session.order,
            session.descending,
            session.grouped_by,
            page.views.shown if isinstance(page, TriagePage) else (),
            str(run.number) if run else "",
        )

    def show_view(self, view: View) -> None:
        session, now = self._session, self.now()
        if view.run and view.run != now.run:
            session.use_run(view.run)
        self._window.paging.turn_to(PAGE)
        if isinstance(page := self._window.page, TriagePage):
            for number, key in enumerate(key for key in view.shown if key in page.views.buttons):
                page.show_view(key, beside=number > 0)
        if view.group != now.group:
            session.group(view.group)
        if (view.order, view.descending) != (now.order, now.descending):
            session.sort(view.order, descending=view.descending)
        session.ask(view.where)

    def _save(self, name: str) -> None:
        view = replace(self.now(), name=name)
        self._change(lambda: self._session.project.views.save(view), f"Saved the view “{name}”")

    def _rename(self, name: str, to: str) -> None:
        self._change(lambda: self._session.project.views.rename(name, to), f"The view “{name}” is called “{to}”")

    def _remove(self, name: str) -> None:
        views = self._session.project.views
        gone = next(view for view in self.known if view.name == name)
        back = partial(self._change, lambda: views.save(gone), f"Saved the view “{name}”")
        self._change(lambda: views.remove(name), f"Removed the view “{name}”", ("Undo", back))

    def _change(self, do: Callable[[], object], said: str, offer: Offer | None = None) -> None:
        views = self._session.project.views

        def work(_: object) -> tuple[View, ...]:
            do()
            return views.all()

        def finish(found: tuple[View, ...]) -> None:
            self._learn(found)
            self._window.toast.tell(theme.one_line(said), icon="bookmark", colour="accent.text", offer=offer)

        self._session.writes.start(work, finish)

    def _learn(self, known: tuple[View, ...]) -> None:
        self.known = known
        commands = self._window.commands
        commands.remove(self._button)
        commands.add([self._row(number, view) for number, view in enumerate(known)], self._button)
        if self.popup.isVisible():
            self.popup.show_views(known)
        self._mark()

    def _row(self, number: int, view: View) -> ActionSpec[Any]:
        name = view.name.replace("&", "&&")
        return ActionSpec(
            f"view.{number}", f"View: {name}", lambda _: self.show_view(view), menu="Saved views", icon="bookmark"
        )

    def _mark(self) -> None:
        """The bookmark is on while what is shown has a name."""
        now = self.now()
        same = [view.name for view in self.known if replace(view, name="", shown=now.shown, run=now.run) == now]
        self._button.setChecked(bool(same))
        self._button.setAccessibleName(f"Saved views, this is {same[0]}" if same else "Saved views")
