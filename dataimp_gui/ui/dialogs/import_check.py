"""What the check of a source said, in three cards: what passes, what is odd, which rows are kept aside."""

from collections.abc import Sequence
from typing import Final

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QProgressBar, QVBoxLayout, QWidget

from dataimp_gui.core.importing.rehearsal import Rehearsal
from dataimp_gui.progress import Report
from dataimp_gui.ui.kit import parts
from dataimp_gui.ui.kit.parts import Elided, chip, icon_button, sign, small_button, text

MOST: Final = 4  # lines in a card
KINDS: Final = {
    "ok": ("check", "Pass"),
    "warn": ("warning", "Warnings, import goes on"),
    "err": ("slash", "Kept aside"),
}


class ContractCheck(QWidget):
    """``view`` and ``save`` ask for the rows that are kept aside, ``again`` for another look at the source."""

    view = Signal()
    save = Signal()
    again = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.about = text(size="small", colour="secondary")
        self._bar = QProgressBar(textVisible=False)
        self._bar.setAccessibleName("Progress of the check")
        self._bar.setFixedWidth(120)
        self.chips = {kind: chip("", kind, icon) for kind, (icon, _) in KINDS.items()}
        again = icon_button("refresh", "Check again")
        again.clicked.connect(self.again)
        head = parts.row(gap=8)
        head.addWidget(text("Contract check", strong=True))
        head.addWidget(self.about)
        head.addWidget(self._bar)
        head.addStretch(1)
        for each in self.chips.values():
            head.addWidget(each)
        head.addWidget(again)
        self.wrong = text(colour="err")
        self.wrong.setWordWrap(True)
        self.cards = {kind: _Card(kind) for kind in KINDS}
        cards = parts.row(gap=10)
        for card in self.cards.values():
            cards.addWidget(card, 1)
        column = parts.column(self, gap=6)
        column.addLayout(head)
        column.addWidget(self.wrong)
        column.addLayout(cards)
        self._add_buttons()
        self._bar.hide()
        self.clear()

    def _add_buttons(self) -> None:
        self.view_rows, save = small_button("View rows"), small_button("Save list…")
        self.view_rows.clicked.connect(self.view)
        save.clicked.connect(self.save)
        self._buttons = QWidget()
        row = parts.row(self._buttons, gap=6)
        row.addWidget(self.view_rows)
        row.addWidget(save)
        row.addStretch(1)
        self.cards["err"].lines.addWidget(self._buttons)

    def clear(self) -> None:
        """Nothing was checked yet, or something else than now."""
        self.about.setText("")
        self.wrong.hide()
        self._buttons.hide()
        for kind, card in self.cards.items():
            card.show_lines(())
            self.chips[kind].hide()

    def show_running(self, on: bool) -> None:
        self._bar.setVisible(on)
        self._bar.setRange(0, 0)

    def show_progress(self, report: Report) -> None:
        self._bar.setRange(0, report.total)
        self._bar.setValue(report.done)
        self._bar.setToolTip(parts.plain_tip(report.phase))

    def show_error(self, said: str) -> None:
        self.clear()
        self.wrong.setText(said)
        self.wrong.show()

    def show_rehearsal(self, trial: Rehearsal, *, whole: bool) -> None:
        """Of all rows when ``whole``, else of the first ones while the rest is being looked at."""
        self.wrong.hide()
        rows = f"{trial.looked_at:,} {'row' if trial.looked_at == 1 else 'rows'}"
        self.about.setText(f"{rows} read" if whole else f"The first {rows}; the rest is being checked")
        good = [one for one in trial.columns if one.level == "pass"]
        odd = [one for one in trial.columns if one.level == "warn"]
        aside = trial.by_reason
        self.cards["ok"].show_lines([(f"{one.column}: {one.short}", "", "") for one in good])
        self.cards["warn"].show_lines(
            [(f"{one.column}: {one.said}", one.then, "") for one in odd] + [(note, "", "") for note in trial.notes]
        )
        self.cards["err"].show_lines([(reason, "", f"{count:,}") for reason, count in aside.items()])
        counts = {
            "ok": (len(good), "pass"),
            "warn": (len(odd) + len(trial.notes), "warning" if len(odd) + len(trial.notes) == 1 else "warnings"),
            "err": (len(trial.rejected), "row kept aside" if len(trial.rejected) == 1 else "rows kept aside"),
        }
        for kind, (count, words) in counts.items():
            self.chips[kind].setText(f"{count:,} {words}")
            self.chips[kind].setVisible(count > 0)
        self.view_rows.setText(f"View {counts['err'][0]:,} {'row' if counts['err'][0] == 1 else 'rows'}")
        self._buttons.setVisible(whole and bool(trial.rejected))


class _Card(QFrame):
    """Lines (words, what follows, count) under a title; all but the first few are in a tool tip."""

    def __init__(self, kind: str) -> None:
        super().__init__()
        self.setObjectName("card")
        self._kind = kind
        icon, title = KINDS[kind]
        self.setAccessibleName(title)
        self.lines: QVBoxLayout = parts.column(self, gap=6, margins=(12, 10, 12, 10))
        head = parts.row(gap=6)
        head.addWidget(sign(icon, f"{kind}.text"))
        head.addWidget(text(title, size="small", colour=kind, strong=True), 1)
        self.lines.addLayout(head)
        self._body = parts.column(gap=4)
        self.lines.addLayout(self._body)
        self._foot = text(size="small", colour="muted")
        self._foot.setWordWrap(True)
        self.lines.addWidget(self._foot)
        self.lines.addStretch(1)

    def show_lines(self, lines: Sequence[tuple[str, str, str]]) -> None:
        parts.clear(self._body)
        icon, _ = KINDS[self._kind]
        for words, then, count in lines[:MOST]:
            row = parts.row(gap=6)
            row.addWidget(sign(icon, f"{self._kind}.text", 12))
            row.addWidget(Elided(words, size="small"), 1)
            if count:
                row.addWidget(text(count, size="small"))
            self._body.addLayout(row)
            if then:
                after = text(then, size="small", colour="muted")
                after.setContentsMargins(18, 0, 0, 0)
                self._body.addWidget(after)
        rest = len(lines) - MOST
        foot = [f"{rest:,} more"] if rest > 0 else []
        if self._kind == "err":
            foot.append("Nothing is deleted. Fix the source and check again." if lines else "No row.")
        elif not lines:
            foot.append("Nothing odd." if self._kind == "warn" else "")
        self._foot.setText(" ".join(foot))
        self._foot.setToolTip(parts.plain_tip("; ".join(words for words, _, _ in lines[MOST : MOST + 20])))
        self.setProperty("kind", self._kind if lines and self._kind != "ok" else "")
        self.style().unpolish(self)
        self.style().polish(self)
