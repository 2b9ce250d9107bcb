"""What was drawn around on the map: how many, how many errors against all, and what to do with them."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QWidget

from dataimp_gui.core.confusion import confusion
from dataimp_gui.core.model import Rows
from dataimp_gui.ui import theme
from dataimp_gui.ui.kit import parts
from dataimp_gui.ui.kit.parts import Elided, icon_button, small_button, text
from dataimp_gui.ui.session import Session


class LassoCard(QFrame):
    """Stands over the lower right corner of its parent."""

    review_wanted = Signal()
    slice_wanted = Signal()
    closed = Signal()

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._over = parent
        self.setObjectName("card")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.title = text(strong=True)
        self.errors = text(size="small", colour="err")
        self.errors.setWordWrap(True)
        self.most = Elided(size="small", colour="secondary")
        close = icon_button("close", "Close")
        close.clicked.connect(self.closed)
        review = small_button("Review", key="R", kind="primary")
        review.clicked.connect(self.review_wanted)
        head = parts.row(gap=8)
        head.addWidget(self.title, 1)
        head.addWidget(close)
        foot = parts.row(gap=8)
        keep = small_button("Save as a slice", key="S")
        keep.clicked.connect(self.slice_wanted)
        foot.addWidget(review)
        foot.addWidget(keep)
        foot.addStretch(1)
        column = parts.column(self, gap=6, margins=(12, 8, 12, 10))
        column.addLayout(head)
        column.addWidget(self.errors)
        column.addWidget(self.most)
        column.addLayout(foot)
        self.setFixedWidth(250)
        self.hide()

    def tell(self, session: Session, rows: Rows) -> None:
        self.title.setText(f"{len(rows):,} examples" if len(rows) != 1 else "1 example")
        said, most = _words(session, rows)
        self.errors.setText(said)
        self.errors.setVisible(bool(said))
        self.most.show_words(most)
        self.most.setVisible(bool(most))
        self.adjustSize()
        self.place()
        self.show()
        self.raise_()

    def place(self) -> None:
        self.move(self._over.width() - self.width() - 16, self._over.height() - self.height() - 16)


def _words(session: Session, rows: Rows) -> tuple[str, str]:
    run, classes = session.predictions, session.project.classes
    if run is None or not len(rows):
        return "", ""
    labels = session.project.state.labels
    found, overall = (confusion(labels, run.codes, len(classes), some) for some in (rows, session.rows))
    if not found.total or not overall.total:
        return "", ""
    said = (
        f"{found.errors:,} errors, {100 * found.errors / found.total:.1f}%"
        f" against {100 * overall.errors / overall.total:.1f}% of all shown"
    )
    wrong = found.counts.copy()
    wrong.flat[:: len(wrong) + 1] = 0
    if not wrong.any():
        return said, ""
    line, column = divmod(int(wrong.argmax()), len(wrong))
    pair = " › ".join(theme.one_line(classes[found.codes[place]]) for place in (line, column))
    return said, f"{int(wrong[line, column]):,} are {pair}"
