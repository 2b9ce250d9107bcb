"""The question before labels of a test set are changed: results before and after would be measured by other labels."""

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QDialog, QWidget

from dataimp_gui.ui.kit.parts import button, column, row, sign, text

WIDTH = 440


class HeldOutDialog(QDialog):
    agreed = Signal(bool)  # True: with all examples, False: with those that are in no test set

    def __init__(self, held_out: int, others: int, splits: Sequence[str], parent: QWidget, *, leaves: bool) -> None:
        """Of the ``held_out`` that are in a test set and the ``others``, which are in ``splits``; ``leaves``: they are
        excluded, not relabelled."""
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        verb, noun = ("Exclude", "example") if leaves else ("Change", "label")
        title = f"{verb} {held_out:,} test {noun}{'' if held_out == 1 else 's'}?"
        self.setWindowTitle(title)
        self.setMinimumWidth(WIDTH)
        head = row(gap=8)
        head.addWidget(sign("lock", "warn.text", 20))
        head.addWidget(text(title, size="title", strong=True), 1)
        judged = "on what both have, and says how many that leaves out" if leaves else "by the new labels"
        said = [
            "Results on the test set before and after are then no longer comparable. "
            f"An evaluation judges both versions {judged}."
        ]
        if others:
            said.append(f"The other {others:,} {'is' if others == 1 else 'are'} in {_listed(splits)}.")
        lines = column(self, gap=10, margins=(16, 16, 16, 16))
        lines.addLayout(head)
        self.said = [text(words, colour="secondary") for words in said]
        for label in self.said:
            label.setWordWrap(True)
            lines.addWidget(label)
        cancel = button("Cancel")
        cancel.clicked.connect(self.reject)
        self.all = button(f"{verb} {held_out + others:,}", kind="" if others else "primary")
        self.some = button(f"{verb} {others:,}", kind="primary")
        buttons = row(gap=8)
        buttons.addStretch(1)
        for made in (cancel, self.all, *([self.some] if others else [])):
            buttons.addWidget(made)
        lines.addStretch(1)
        lines.addLayout(buttons)
        self.all.clicked.connect(lambda: self._answer(everything=True))
        self.some.clicked.connect(lambda: self._answer(everything=False))
        (self.some if others else self.all).setDefault(True)  # only now does it know its dialog

    def _answer(self, *, everything: bool) -> None:
        self.agreed.emit(everything)
        self.accept()


def _listed(names: Sequence[str]) -> str:
    if not names:
        return "no split"
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"
