"""The middle of a review: the example as large as it can be shown, the keys that decide, the queue below."""

from collections.abc import Sequence
from typing import Final

from PySide6.QtCore import QPoint, Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QButtonGroup, QFrame, QLabel, QPlainTextEdit, QSizePolicy, QStackedLayout, QWidget

from dataimp_gui.core.model import Modality
from dataimp_gui.ui import theme
from dataimp_gui.ui.kit import parts
from dataimp_gui.ui.kit.parts import Elided, chip, icon_button, key, small_button, text
from dataimp_gui.ui.kit.sound_strip import SoundStrip
from dataimp_gui.ui.kit.stage import Stage
from dataimp_gui.ui.pages.review.frame import Frame
from dataimp_gui.ui.pages.review.queue_strip import QueueStrip

LEGEND: Final = (
    ("Space", "accept"),
    ("K", "keep"),
    ("1–0", "relabel"),
    ("X", "exclude"),
    ("F", "flag"),
    ("S", "skip"),
    ("U", "undo"),
    ("T", "tag"),
    ("Z", "zoom"),
    ("← →", "move"),
)
BLIND: Final = frozenset(("Space", "K"))  # keys of the legend that have no meaning while blind


TOOLS_W: Final = {Modality.IMAGE: 236, Modality.AUDIO: 72}
SOUND_H: Final = 240  # at least, of the picture of a sound
ID_W: Final = 110  # that the id keeps


class Middle(QWidget):
    stepped = Signal(int)
    picked = Signal(int)
    resized = Signal()

    def __init__(self, modality: Modality, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._modality = modality
        self.stage = Stage(share=0.86)
        self.sound = SoundStrip(SOUND_H)
        self.sound.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.sound.setFocusPolicy(Qt.FocusPolicy.TabFocus)  # a click on it leaves the arrows to the queue
        self.reading = QPlainTextEdit(readOnly=True)
        self.reading.setObjectName("reading")
        self.reading.setAccessibleName("Text of this example")
        self.reading.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
        self.strip = QueueStrip()
        self.strip.picked.connect(self.picked)
        medium = self._medium = QWidget()
        self._stack = QStackedLayout(medium)  # without its widget it would show the first page as a window
        self._stack.addWidget(self.stage)
        self._stack.addWidget(self._framed(self.sound))
        self._stack.addWidget(self._framed(self.reading))
        self._stack.setCurrentIndex({Modality.IMAGE: 0, Modality.AUDIO: 1}.get(modality, 2))
        column = parts.column(self, gap=0)
        column.addWidget(self._build_header())
        column.addWidget(medium, 1)
        column.addWidget(_rule())
        column.addWidget(self._build_legend())
        column.addWidget(_rule())
        column.addWidget(self.strip)
        self._build_arrows()

    def _framed(self, widget: QWidget) -> QWidget:
        frame = QFrame()
        box = parts.column(frame, gap=0, margins=(52, 16, 52, 0))
        box.addWidget(widget)
        return frame

    def _build_header(self) -> QWidget:
        self.play = icon_button("play", "Play", key="P", raised=True)
        header = QWidget()
        header.setObjectName("panelHeader")
        header.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        header.setFixedHeight(40)
        row = parts.row(header, gap=6, margins=(16, 0, 12, 0))
        self._id = Elided(strong=True)
        self._id.setFont(theme.mono())
        self._split, self._given = chip(""), chip("")
        self._wrong, self._right = chip("", kind="err", icon="cross"), chip("", kind="ok", icon="check")
        row.addWidget(self._id, 1)
        for widget in (self._split, self._given, self._wrong, self._right):
            row.addWidget(widget)
        row.addSpacing(8)
        if self._modality is Modality.IMAGE:
            for tool in self._build_tools():
                row.addWidget(tool)
        if self._modality is Modality.AUDIO:
            row.addWidget(self.play)
        return header

    def _build_tools(self) -> list[QWidget]:
        fit, exact = small_button("Fit"), small_button("1:1 pixels")
        self._ways = QButtonGroup(self)
        for number, button in enumerate((fit, exact)):
            button.setCheckable(True)
            button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
            button.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
            self._ways.addButton(button, number)
        fit.setChecked(True)
        self._ways.idClicked.connect(lambda number: self.stage.set_exact(number == 1))
        zoom = icon_button("zoom-in", "Closer", key="Z")
        zoom.clicked.connect(self.stage.step_zoom)
        self.contrast = icon_button("contrast", "Stretch the contrast", key="C", checkable=True)
        self.contrast.toggled.connect(self.stage.set_stretched)
        return [fit, exact, zoom, self.contrast]

    def _build_legend(self) -> QWidget:
        legend = QWidget()
        legend.setObjectName("legend")
        row = parts.row(legend, gap=4, margins=(8, 5, 8, 5))
        row.addStretch(1)
        self._legend: dict[str, tuple[QWidget, QWidget]] = {}
        for keys, words in LEGEND:
            drawn, said = key(keys), text(words, size="small", colour="secondary")
            row.addWidget(drawn)
            row.addWidget(said)
            row.addSpacing(3)
            self._legend[keys] = (drawn, said)
        row.addStretch(1)
        self._legend_line = legend
        return legend

    def _build_arrows(self) -> None:
        self._arrows = [
            icon_button("chevron-left", "Previous example", key="Left", raised=True),
            icon_button("chevron-right", "Next example", key="Right", raised=True),
        ]
        for by, arrow in zip((-1, 1), self._arrows, strict=True):
            arrow.setParent(self)
            arrow.clicked.connect(lambda _=False, by=by: self.stepped.emit(by))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit_legend(event.size().width())
        self._fit_chips()
        middle = self._medium.geometry().center().y() - self._arrows[0].height() // 2
        for arrow, x in zip(self._arrows, (12, self.width() - 12 - self._arrows[1].width()), strict=True):
            arrow.move(QPoint(x, middle))
            arrow.raise_()
        self.resized.emit()

    def _fit_legend(self, width: int) -> None:
        """What does not fit is left out from the end; all keys are behind the question mark."""
        room = width - 16
        for drawn, said in self._legend.values():
            room -= drawn.sizeHint().width() + said.sizeHint().width() + 15
            drawn.setVisible(room > 0)
            said.setVisible(room > 0)

    # what is shown

    def show_frame(self, frame: Frame | None, *, given: str, label: str, blind: bool) -> None:
        """``given`` is the imported label, ``label`` today's. None: it is still read, which takes a moment.

        While blind the id is hidden too: a path of class folders holds the label.
        """
        self._id.show_words("…" if frame is None else "id hidden" if blind else frame.id)
        self._show_chip(self._split, frame.split if frame else "")
        said = f"given {label}" if label == given else f"label {label}, was {given or 'none'}"
        self._show_chip(self._given, said if label and not blind else "")
        predicted = frame.predicted if frame and not blind else ""
        sure = f" {frame.confidence:.2f}" if frame and frame.confidence is not None else ""
        self._show_chip(self._wrong, f"predicted {predicted}{sure}" if predicted and predicted != label else "")
        self._show_chip(self._right, f"predicted {predicted}{sure}" if predicted and predicted == label else "")
        for keys, (drawn, said_) in self._legend.items():
            drawn.setEnabled(not (blind and keys in BLIND))
            said_.setEnabled(not (blind and keys in BLIND))
        self._fit_chips()

    def show_medium(self, frame: Frame | None) -> None:
        """The picture, sound or text itself, or why there is none."""
        match self._modality:
            case Modality.IMAGE:
                self.stage.show_image(*((frame.picture, frame.full, frame.missing) if frame else (None, (0, 0))))
            case Modality.AUDIO:
                self.sound.show_sound(frame.picture if frame else None, frame.missing if frame else "")
            case _:
                self.reading.setPlainText(frame.text if frame else "")

    def _show_chip(self, label: QLabel, words: str) -> None:
        label.setText(theme.one_line(words)[:48])

    def _fit_chips(self) -> None:
        """Those that say most stay where there is little room."""
        room = self.width() - TOOLS_W.get(self._modality, 40) - ID_W
        for label in (self._wrong, self._right, self._given, self._split):
            wanted = label.sizeHint().width() + 6
            label.setVisible(bool(label.text()) and wanted <= room)
            room -= wanted if not label.isHidden() else 0

    def header_words(self) -> Sequence[str]:
        """The id and what stands beside it."""
        chips = (self._split, self._given, self._wrong, self._right)
        return [self._id.accessibleName(), *(c.text() for c in chips if c.text())]

    def zoom(self) -> None:
        if self._modality is Modality.IMAGE:
            self.stage.step_zoom()

    def toggle_contrast(self) -> None:
        if self._modality is Modality.IMAGE:
            self.contrast.toggle()


def _rule() -> QFrame:
    rule = QFrame()
    rule.setObjectName("rule")
    return rule
