"""An example of the gallery larger, over it: when the mouse rests on a small tile, or while Z is held."""

from collections.abc import Mapping
from typing import Final

from PySide6.QtCore import QEvent, QObject, QPoint, QSize, Qt, QTimer
from PySide6.QtGui import QImage, QKeyEvent, QMouseEvent, QPixmap
from PySide6.QtWidgets import QFrame, QLabel, QWidget

from dataimp_gui.ui import theme
from dataimp_gui.ui.kit import parts
from dataimp_gui.ui.kit.grid_view import GridView
from dataimp_gui.ui.kit.parts import Elided
from dataimp_gui.ui.pages.triage.gallery.faces import LINE, MISSING, SIZES, Arrived, faces
from dataimp_gui.ui.pages.triage.gallery.model import Facts, GalleryModel
from dataimp_gui.ui.session import Session

REST_MS: Final = 450
SIDE: Final = 288  # of the picture
SMALL: Final = 192  # tiles of pictures from here on are large enough
SMALL_WORDS: Final = 288
LETTERS: Final = 700
PAD: Final = 8
KEY: Final = "preview"
_ENDS: Final = (QEvent.Type.Leave, QEvent.Type.Wheel, QEvent.Type.MouseButtonPress, QEvent.Type.Hide)


class Preview(QFrame):
    """Stands over ``over`` beside the tile it is about; clicks go through it, and it never has the focus."""

    def __init__(self, session: Session, model: GalleryModel, view: GridView, over: QWidget) -> None:
        super().__init__(over)
        self._session, self._model, self._view, self._over = session, model, view, over
        self._place = -1  # what it is or will be about
        self._row = -1
        self.follows_mouse = True
        self.setObjectName("card")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.face = QLabel(alignment=Qt.AlignmentFlag.AlignCenter, textFormat=Qt.TextFormat.PlainText)
        self.face.setFixedWidth(SIDE)
        self.face.setWordWrap(True)
        self.label = Elided(strong=True)
        self.predicted = Elided(size="small", colour="secondary")
        self.suggested = Elided(size="small", colour="secondary")
        column = parts.column(self, gap=4, margins=(PAD, PAD, PAD, PAD))
        for widget in (self.face, self.label, self.predicted, self.suggested):
            column.addWidget(widget)
        self.hide()
        self.resting = QTimer(self, singleShot=True, interval=REST_MS)
        self.resting.timeout.connect(self._open)
        view.viewport().setMouseTracking(True)
        view.viewport().installEventFilter(self)
        view.installEventFilter(self)
        view.verticalScrollBar().valueChanged.connect(self.end)
        model.modelAboutToBeReset.connect(self.end)
        session.changed.connect(self.end)

    def end(self) -> None:
        self.resting.stop()
        self._place = self._row = -1
        self._session.reads.cancel(KEY)
        self.hide()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if isinstance(event, QMouseEvent) and event.type() is QEvent.Type.MouseMove:
            self._follow(event)
        elif isinstance(event, QKeyEvent) and event.key() == Qt.Key.Key_Z and not event.modifiers():
            return self._hold(event)
        elif event.type() in _ENDS or (event.type() is QEvent.Type.FocusOut and watched is self._view):
            self.end()
        return super().eventFilter(watched, event)

    def _follow(self, event: QMouseEvent) -> None:
        place = self._view.indexAt(event.position().toPoint()).row()
        if event.buttons() or place < 0 or not self.follows_mouse:
            self.end()
        elif place != self._place:
            self.end()
            self._place = place
            self.resting.start()

    def _hold(self, event: QKeyEvent) -> bool:
        if event.type() not in (QEvent.Type.KeyPress, QEvent.Type.KeyRelease):
            return False
        if not event.isAutoRepeat():
            self.end()
            if event.type() is QEvent.Type.KeyPress:
                self._place = self._view.current
                self._open()
        return True

    def _is_small(self) -> bool:
        width = self._view.visualRect(self._model.index(self._place, 0)).width()
        return width < (SMALL if self._model.pictures else SMALL_WORDS)

    def _open(self) -> None:
        if not (0 <= self._place < self._model.rowCount() and self._is_small()):
            return
        row = self._row = self._model.row(self._place)
        self._show_facts(self._model.facts(self._place))
        self.setAccessibleName(self._model.words(self._place))
        known = self._model.face(self._place)
        if known is not None:  # the one of the tile, until the larger one is here
            self._show_face(known)
        project = self._session.project
        ratio = self.devicePixelRatioF()
        size = next((size for size in SIZES if size >= SIDE * ratio), SIZES[-1])
        self._session.reads.start(lambda progress: faces(project, [row], size, progress), self._arrive, key=KEY)

    def _arrive(self, arrived: Mapping[int, Arrived]) -> None:
        if self._row in arrived:
            face = arrived[self._row]
            self._show_face(QPixmap.fromImage(face) if isinstance(face, QImage) else face)

    def _show_face(self, face: QPixmap | str) -> None:
        if isinstance(face, QPixmap):
            ratio = self.devicePixelRatioF()
            room = QSize(SIDE, SIDE) * ratio
            mode = Qt.TransformationMode.SmoothTransformation
            drawn = face.scaled(room, Qt.AspectRatioMode.KeepAspectRatio, mode)
            drawn.setDevicePixelRatio(ratio)
            self.face.setAlignment(Qt.AlignmentFlag.AlignCenter)
            self.face.setPixmap(drawn)
            self.face.setFixedHeight(round(drawn.height() / ratio))
        else:
            words = face.replace(LINE, "\n")
            if face == MISSING and self._model.pictures:
                words = "The file is missing or cannot be shown."
            self.face.setAlignment(Qt.AlignmentFlag.AlignLeft)
            self.face.setText(words[:LETTERS] + ("…" if len(words) > LETTERS else ""))
            self.face.setFixedHeight(self.face.heightForWidth(SIDE))
        self.adjustSize()
        self._stand()
        self.show()
        self.raise_()

    def _show_facts(self, facts: Facts) -> None:
        self.label.show_words(theme.one_line(facts.label) or "No label")
        sure = "" if facts.confidence is None else f" · {facts.confidence:.2f}"
        verdict = " · error" if facts.error else " · correct" if facts.correct else ""
        self.predicted.show_words(f"Predicted {theme.one_line(facts.predicted)}{sure}{verdict}")
        self.predicted.setHidden(not facts.predicted)
        self.suggested.show_words(f"Suggested {theme.one_line(facts.suggested)}")
        self.suggested.setHidden(not facts.suggested)

    def _stand(self) -> None:
        """Right of the tile, or left of it where there is no room; never outside."""
        tile = self._view.visualRect(self._model.index(self._place, 0))
        corner = self._view.viewport().mapTo(self._over, tile.topLeft())
        x = corner.x() + tile.width()
        if x + self.width() > self._over.width():
            x = corner.x() - self.width() - PAD
        most = QPoint(self._over.width() - self.width(), self._over.height() - self.height())
        self.move(max(0, min(x, most.x())), max(0, min(corner.y(), most.y())))
