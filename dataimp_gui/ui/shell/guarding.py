"""Test sets are changed only once a person has said so: asked at the first edit that would, in each session."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Final

import numpy as np

from dataimp_gui.core.issues.groups import is_test
from dataimp_gui.core.model import Rows
from dataimp_gui.ui import theme
from dataimp_gui.ui.dialogs.held_out_dialog import HeldOutDialog
from dataimp_gui.ui.session import Session

if TYPE_CHECKING:
    from dataimp_gui.ui.main_window import MainWindow

NAMED: Final = 3  # splits that the question names


class Guard:
    def __init__(self, window: "MainWindow", session: Session) -> None:
        self._window, self._session = window, session
        self._agreed = False
        session.guard = self.ask

    def ask(self, rows: Rows, do: Callable[[Rows], None], *, leaves: bool = False) -> None:
        """``do`` it with all of the rows, or with those that are in no test set, or not at all."""
        state = self._session.project.state
        names = state.words("split")
        tests = [code for code, name in enumerate(names) if is_test(name)]
        tested = np.isin(state.splits[rows], tests)
        if self._agreed or not tested.any():
            do(rows)
            return
        others = rows[~tested]
        codes = np.unique(state.splits[others])
        splits = [theme.one_line(names[code]) if code >= 0 else "no split" for code in codes[:NAMED].tolist()]
        if len(codes) > NAMED:
            splits = [*splits[:-1], "others"]
        dialog = HeldOutDialog(int(tested.sum()), len(others), splits, self._window, leaves=leaves)

        def go(everything: bool) -> None:
            self._agreed |= everything
            do(rows if everything else others)

        dialog.agreed.connect(go)
        dialog.open()
