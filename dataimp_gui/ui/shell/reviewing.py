"""The review that covers the other pages for a while: how it opens, what rests meanwhile, how one comes back."""

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from dataimp_gui.core.reviewing import Review
from dataimp_gui.ui.pages.review.actions import ACTIONS, HELD_KEYS
from dataimp_gui.ui.pages.review.page import ReviewPage
from dataimp_gui.ui.pages.review.walk import Opened, opened
from dataimp_gui.ui.session import Queue, Session

if TYPE_CHECKING:
    from dataimp_gui.ui.main_window import MainWindow


class Reviewing(QObject):
    """``page`` is the one that is shown, None while there is no review."""

    def __init__(self, window: "MainWindow") -> None:
        super().__init__(window)
        self._window = window
        self.page: ReviewPage | None = None

    def follow(self, session: Session) -> None:
        session.review_wanted.connect(self.open)
        session.reads.start(lambda _: session.project.reviews.unfinished(), self._offer, key="unfinished")

    def open(self, queue: "Queue | Review", *, blind: bool = False) -> None:
        """A queue that was begun goes on at its first undecided example."""
        session = self._window.session
        if session is not None:
            show = partial(self._show, blind=blind)
            session.writes.start(lambda _: opened(session.project, queue), show, key="review")

    def resume(self) -> None:
        """The queue that was worked on last and not finished."""
        self._find(lambda session: session.project.reviews.unfinished(), "No review was left unfinished")

    def second(self) -> None:
        """The last queue that somebody else decided on; blind, so that the second opinion is one of its own."""
        self._find(
            lambda session: session.project.reviews.of_others(),
            "Nobody else has reviewed here. A second reviewer gives another name in Settings first.",
            blind=True,
        )

    def _find(self, ask: Callable[[Session], list[Review]], none: str, *, blind: bool = False) -> None:
        session = self._window.session
        if session is None:
            return

        def go(found: list[Review]) -> None:
            if found:
                self.open(found[0], blind=blind)
            else:
                self._window.toast.tell(none, icon="info", colour="text.secondary")

        session.writes.start(lambda _: ask(session), go, key="review")

    def _offer(self, unfinished: list[Review]) -> None:
        if unfinished and self.page is None:
            review = unfinished[0]
            words = f"The review “{review.title[:60]}” was left unfinished"
            self._window.toast.tell(words, icon="clock", colour="text.secondary", offer=("Resume", self.resume))

    def _show(self, found: Opened, *, blind: bool) -> None:
        window, session = self._window, self._window.session
        if session is None or window.page is None:
            return
        self._take_down()
        page = self.page = ReviewPage(session, found)
        page.home = window.page.key.capitalize()
        page.left_wanted.connect(self.close)
        page.told.connect(lambda words, icon: window.toast.tell(words, icon=icon, colour="warn.text"))
        page.progressed.connect(window.status.show_scope)
        page.bar.keys_wanted.connect(window.commands.show_keys)
        window.commands.rest(window.page)
        window.commands.add(ACTIONS, page, HELD_KEYS)
        window.toast.hide()
        window.show_page(page.bar, page)
        page.bar.blind.setChecked(blind)
        page.start()
        window.setFocus()

    def close(self) -> None:
        """Back to the page that was there before; what is undecided waits."""
        window, page = self._window, self.page
        if page is None or window.page is None or window.top is None:
            return
        left, title = page.walk.left, page.walk.review.title
        self._take_down()
        window.commands.wake(window.page)
        window.show_page(window.top, window.page)
        window.setFocus()
        if left:
            words = f"{left:,} of “{title[:60]}” left"
            window.toast.tell(words, icon="clock", colour="text.secondary", offer=("Resume", self.resume))

    def _take_down(self) -> None:
        page, self.page = self.page, None
        if page is None:
            return
        self._window.commands.remove(page)
        self._window.status.show_scope("")
        page.leave()
        self._window.forget(page.bar)
        self._window.forget(page)

    def end(self) -> None:
        """The project is about to close."""
        self._take_down()
