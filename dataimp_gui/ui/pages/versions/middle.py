"""What is shown of one version, from its name down to examples that it changed."""

from typing import Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QScrollArea, QStackedWidget, QWidget

from dataimp_gui.core.evaluate.judgement import FAIL
from dataimp_gui.ui import theme
from dataimp_gui.ui.kit import parts
from dataimp_gui.ui.kit.notice import Notice
from dataimp_gui.ui.kit.parts import key_button, text
from dataimp_gui.ui.pages.versions.evaluating import Evaluating
from dataimp_gui.ui.pages.versions.evaluation import Evaluation
from dataimp_gui.ui.pages.versions.header import Header
from dataimp_gui.ui.pages.versions.reading import Reading
from dataimp_gui.ui.pages.versions.samples import Samples
from dataimp_gui.ui.pages.versions.standing import Entry
from dataimp_gui.ui.pages.versions.tiles import Tiles

WIDEST: Final = 460
FIRST: Final = (
    "Commit it, so that every later change can be compared with it, evaluated and taken back. Media are not copied."
)


class Middle(QWidget):
    commit_wanted = Signal()
    opened = Signal(str)  # the examples of a clause

    def __init__(self, evaluating: Evaluating, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("page")
        self._evaluating = evaluating
        self._shown = ""
        self.wrong = Notice(kind="err")
        self.header, self.tiles, self.evaluation, self.samples = Header(), Tiles(), Evaluation(), Samples()
        self.failing = Notice(kind="err")
        self.evaluation.opened.connect(self.opened)
        self.header.commit_wanted.connect(self.commit_wanted)
        self.also = text(size="small", colour="secondary")
        self.also.setWordWrap(True)
        self.first = _First()
        self.first.go.clicked.connect(self.commit_wanted)
        inner = QWidget()
        inner.setObjectName("page")
        self._column = parts.column(inner, gap=14, margins=(16, 14, 16, 16))
        for widget in (self.header, self.tiles, self.also, self.failing, self.evaluation, self.samples):
            self._column.addWidget(widget)
        self._column.addStretch(1)
        scroll = QScrollArea(widgetResizable=True)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        scroll.setWidget(inner)
        self._stack = QStackedWidget()
        self._stack.addWidget(scroll)
        self._stack.addWidget(self.first)
        column = parts.column(self, gap=0)
        column.addWidget(self.wrong)
        column.addWidget(self._stack, 1)
        self.samples.hide()

    def show_entry(self, entry: Entry, examples: int, *, can_roll_back: bool) -> None:
        """What is known of it without reading; ``examples`` is how many it holds."""
        is_first = entry.is_draft and not entry.parent
        self._stack.setCurrentIndex(1 if is_first else 0)
        self.first.tell(examples)
        self.wrong.show_words("")
        self.header.show_entry(entry, examples, can_roll_back=can_roll_back)
        self.show_judged(entry)
        if entry.name == self._shown:
            return  # what was read of it stays until it was read anew
        self._shown = entry.name
        self.tiles.show_counts(entry.info, None)
        self.also.setText("" if entry.parent else "Later versions are compared with this one.")
        self.also.setVisible(not entry.parent)
        self.samples.hide()

    def show_judged(self, entry: Entry) -> None:
        judged = entry.judged
        self.evaluation.show_judged(entry, judged, self._evaluating)
        failed = [gate for gate in judged.gates if gate.result == FAIL] if judged else []
        said = " ".join(f"{gate.reason.rstrip('.')}." for gate in failed[:2])
        tail = "" if entry.is_production else " Promote needs a reason, or fix it first."
        self.failing.show_words(f"{said}{tail}" if said else "")

    def show_reading(self, entry: Entry, reading: Reading) -> None:
        self.tiles.show_counts(entry.info, reading.diff)
        self.samples.show_reading(reading)
        if reading.diff is not None:
            self.header.show_test(reading.diff.in_test)
            said = _also(reading)
            self.also.setText(said)
            self.also.setVisible(bool(said))


def _also(reading: Reading) -> str:
    """What the tiles do not count."""
    counts = reading.diff.counts if reading.diff else {}
    words = {"moved": "moved to another split", "tagged": "tagged or untagged", "media": "with other media"}
    said = [f"{counts[kind]:,} {word}" for kind, word in words.items() if counts.get(kind)]
    if said:
        return f"Also {', '.join(said)}."
    return "" if any(counts.values()) else "Nothing changed."


class _First(QWidget):
    """Stands there while there is no version."""

    def __init__(self) -> None:
        super().__init__()
        self._title = text("v1 is your import", size="title", strong=True)
        words = text(FIRST, colour="secondary")
        words.setWordWrap(True)
        words.setAlignment(Qt.AlignmentFlag.AlignCenter)
        words.setFixedWidth(theme.grown(WIDEST))
        self.go = key_button("Commit v1…", "Ctrl+S", kind="primary")
        column = parts.column(self, gap=10)
        column.addStretch(2)
        column.addWidget(self._title, 0, Qt.AlignmentFlag.AlignHCenter)
        line = parts.row()  # only in a row does a wrapped text of this width get the height that it needs
        line.addStretch(1)
        line.addWidget(words)
        line.addStretch(1)
        column.addLayout(line)
        column.addWidget(self.go, 0, Qt.AlignmentFlag.AlignHCenter)
        column.addStretch(3)

    def tell(self, examples: int) -> None:
        self._title.setText(f"v1 is your import: {examples:,} examples")
