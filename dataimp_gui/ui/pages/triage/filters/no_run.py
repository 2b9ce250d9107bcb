"""What stands over the filters of a project without predictions: the two ways to get some."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from dataimp_gui.ui.kit import parts
from dataimp_gui.ui.kit.parts import small_button, text
from dataimp_gui.ui.pages.triage.study import Study


class NoRun(QWidget):
    predictions_wanted = Signal()

    def __init__(self, study: Study, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._study = study
        lines = parts.column(self, gap=6, margins=(12, 10, 12, 4))
        words = text("Add predictions to see errors.", size="small", colour="secondary")
        words.setWordWrap(True)
        self.give = small_button("Import predictions…", icon="play")
        self.give.clicked.connect(self.predictions_wanted)
        self.train = small_button("Train a baseline", icon="sparkle")
        self.train.setToolTip("A plain model predicts each example, without having learned from it")
        self.train.clicked.connect(self._train)
        for widget in (words, self.give, self.train):
            lines.addWidget(widget)
        study.learned.connect(self._offer)
        study.changed.connect(self._offer)
        self._offer()

    def _offer(self) -> None:
        self.train.setVisible(self._study.can_train)

    def _train(self) -> None:
        self.window().setFocus()  # the button goes away
        self._study.train()
