"""The left panel: what is suggested for the example and why, examples to compare it with, the labelling guide."""

from typing import Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QScrollArea, QWidget

from dataimp_gui.core.model import Issue, IssueKind
from dataimp_gui.ui import theme
from dataimp_gui.ui.kit import parts
from dataimp_gui.ui.kit.parts import Elided, clear, section_title, sign, text
from dataimp_gui.ui.kit.strip import Strip
from dataimp_gui.ui.pages.review.frame import Aside, Frame
from dataimp_gui.ui.pages.review.guide import Guide
from dataimp_gui.ui.pages.review.keyed import KeyedButton
from dataimp_gui.ui.pages.review.meter import Meter
from dataimp_gui.ui.session import Session

SIDES: Final = 2  # lines of examples
FOUND: Final = {
    IssueKind.LABEL: "Likely a wrong label",
    IssueKind.DUPLICATE: "A duplicate",
    IssueKind.CONFLICT: "The same with another label",
    IssueKind.LEAK: "The same in another split",
    IssueKind.OUTLIER: "Unlike the others",
    IssueKind.MEDIA: "Odd media",
}


class Suggestion(QWidget):
    accepted = Signal()
    kept = Signal()

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("filters")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._session = session
        column = parts.column(self, gap=0)
        column.addWidget(self._build_header())
        body = QWidget()
        body.setObjectName("panelBody")
        inner = parts.column(body, gap=6, margins=(16, 14, 16, 14))
        inner.addWidget(self._build_claim())
        inner.addWidget(self._build_reasons())
        for side in self._build_sides():
            inner.addWidget(side)
        self.guide = Guide(session)
        inner.addSpacing(8)
        inner.addWidget(self.guide)
        inner.addStretch(1)
        scroll = QScrollArea(widgetResizable=True)
        scroll.setObjectName("panelScroll")
        scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        scroll.setWidget(body)
        column.addWidget(scroll, 1)

    def _build_header(self) -> QWidget:
        header = QWidget()
        header.setObjectName("panelHeader")
        header.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        header.setFixedHeight(40)
        row = parts.row(header, gap=8, margins=(16, 0, 12, 0))
        row.addWidget(sign("sparkle", "accent.text"))
        row.addWidget(text("Suggestion", strong=True))
        row.addStretch(1)
        return header

    def _build_claim(self) -> QWidget:
        claim = self._about = QWidget()
        lines = parts.column(claim, gap=6)
        self._struck = Elided(size="page", colour="muted", strong=True)
        self._arrow = text("→", size="page", colour="secondary")
        self._claimed = Elided(size="page", strong=True)
        title = parts.row(gap=8)
        for widget in (self._struck, self._arrow, self._claimed):
            title.addWidget(widget)
        title.addStretch(1)
        self._bar = Meter("Chance that it is so")
        self._share = text(strong=True)
        chance = parts.row(gap=8)
        chance.addWidget(self._bar, 1, Qt.AlignmentFlag.AlignVCenter)
        chance.addWidget(self._share)
        self._chance = text(size="small", colour="secondary")
        self._chance.setWordWrap(True)
        self.accept = KeyedButton("Accept", "Space", kind="primary", icon="check")
        self.accept.clicked.connect(self.accepted)
        self.keep = KeyedButton("Keep", "K")
        self.keep.clicked.connect(self.kept)
        lines.addLayout(title)
        lines.addLayout(chance)
        lines.addWidget(self._chance)
        lines.addSpacing(6)
        lines.addWidget(self.accept)
        lines.addWidget(self.keep)
        return claim

    def _build_reasons(self) -> QWidget:
        self._reasons = QWidget()
        lines = parts.column(self._reasons, gap=5, margins=(0, 10, 0, 0))
        lines.addWidget(section_title("Reasons"))
        self._reason_lines = parts.column(gap=5)
        lines.addLayout(self._reason_lines)
        return self._reasons

    def _build_sides(self) -> list[QWidget]:
        self._sides: list[tuple[QWidget, Elided, Strip]] = []
        for _ in range(SIDES):
            side, title, strip = QWidget(), Elided(size="small", strong=True), Strip("Similar examples")
            strip.setFocusPolicy(Qt.FocusPolicy.NoFocus)  # Space and the arrows are about the queue here
            lines = parts.column(side, gap=4, margins=(0, 8, 0, 0))
            lines.addWidget(title)
            lines.addWidget(strip)
            self._sides.append((side, title, strip))
        self._alone = text(size="small", colour="muted")
        self._alone.setWordWrap(True)
        return [*(side for side, _, _ in self._sides), self._alone]

    # what is shown

    def show_frame(self, frame: Frame | None, label: str, *, blind: bool, is_searched: bool) -> None:
        """``label`` is today's. While blind nothing is said that would sway."""
        self._about.show()
        issue = frame.issue if frame is not None and not blind else None
        relabel = issue is not None and bool(issue.suggested)
        self._struck.setVisible(relabel)
        self._arrow.setVisible(relabel)
        self._claimed.show_words(_claim(issue, blind=blind))
        font = self._struck.font()
        font.setStrikeOut(True)
        self._struck.setFont(font)
        self._struck.show_words(label or "no label")
        for widget in (self._bar, self._share):
            widget.setVisible(issue is not None)
        if issue is not None:
            self._bar.show_share(issue.severity)
            self._share.setText(f"{issue.severity:.0%}")
        self._chance.setText(_chance(issue, blind=blind, is_searched=is_searched))
        self.accept.setVisible(relabel or (issue is not None and issue.fix == "exclude"))
        if issue is not None:
            self.accept.show_words(f"Accept {theme.one_line(issue.suggested)}" if relabel else "Exclude this one")
        self.keep.setHidden(blind)
        self.keep.show_words(f"Keep {theme.one_line(label)}" if label else "Keep as it is")
        self._show_reasons(frame, issue)

    def _show_reasons(self, frame: Frame | None, issue: Issue | None) -> None:
        clear(self._reason_lines)
        said = [part.strip() for part in issue.reason.split(";") if part.strip()] if issue is not None else []
        lines = [("check", "ok.text", line[:1].upper() + line[1:]) for line in said]
        if frame is not None:
            lines += [
                ("user", "text.secondary", f"{name} says {theme.one_line(what)}") for name, what in frame.opinions
            ]
        for icon, colour, words in lines:
            line = parts.row(gap=8)
            line.addWidget(sign(icon, colour, 14), 0, Qt.AlignmentFlag.AlignTop)
            shown = text(words[:400], size="small")
            shown.setWordWrap(True)
            line.addWidget(shown, 1)
            self._reason_lines.addLayout(line)
        self._reasons.setVisible(bool(lines))

    def show_done(self) -> None:
        """There is no example; the guide stays."""
        self._about.hide()
        self._reasons.hide()
        self.show_aside(None, blind=True)

    def show_aside(self, aside: Aside | None, *, blind: bool) -> None:
        """Nothing while it is on its way: what stood there was about another example."""
        shown = aside.parts if aside is not None and not blind else ()
        for number, (side, title, strip) in enumerate(self._sides):
            side.setVisible(number < len(shown))
            if number < len(shown):
                title.show_words(shown[number][0])
                strip.show_thumbs(shown[number][2])
        self._alone.setText(aside.why_not if aside is not None and not blind else "")
        self._alone.setVisible(bool(self._alone.text()))

    def words(self) -> str:
        """What it says, for tests and screen readers."""
        shown = [self._struck.accessibleName()] if not self._struck.isHidden() else []
        return " ".join([*shown, self._claimed.accessibleName(), self._chance.text()])

    def titles(self) -> list[str]:
        """Above the examples that stand beside."""
        return [title.accessibleName() for side, title, _ in self._sides if not side.isHidden()]


def _claim(issue: Issue | None, *, blind: bool) -> str:
    if blind:
        return "Hidden"
    if issue is None:
        return "No suggestion"
    return issue.suggested or FOUND.get(issue.kind, issue.kind)


def _chance(issue: Issue | None, *, blind: bool, is_searched: bool) -> str:
    if blind:
        return "You are reviewing blind: give the label that you see. What was found comes after your answer."
    if issue is not None:
        return "chance the given label is wrong" if issue.suggested else "chance that it is so"
    if is_searched:
        return "Nothing was found wrong with this example. It can be decided on all the same."
    return "Issues were not searched for yet. In Triage, “Find issues” brings suggestions with their reasons."
