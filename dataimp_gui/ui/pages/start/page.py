"""What stands in the window while no project is open: ways in, recent projects, demos."""

from pathlib import Path
from typing import Final

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QPixmap
from PySide6.QtWidgets import QFileDialog, QGridLayout, QLineEdit, QScrollArea, QVBoxLayout, QWidget

from dataimp_gui.ui import theme
from dataimp_gui.ui.kit import parts
from dataimp_gui.ui.kit.parts import button, clear, text
from dataimp_gui.ui.pages.start import recent
from dataimp_gui.ui.pages.start.cards import Card, DropZone, ProjectCard
from dataimp_gui.ui.pages.start.recent import Recent

WIDTH: Final = 880
ICONS: Final = {"image": "image", "audio": "audio", "text": "text", "table": "table"}
NOUNS: Final = {"image": "images", "audio": "clips", "text": "texts", "table": "rows"}


class StartPage(QWidget):
    open_wanted = Signal(Path)
    import_wanted = Signal(object)  # Path, or None: ask
    demo_wanted = Signal(str)

    def __init__(self, config: Path, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("page")
        self._config = config
        inner = QWidget()
        inner.setObjectName("page")
        self._inner = inner
        self._fit()
        row = parts.row(inner, gap=32, margins=(32, 56, 32, 32))
        row.addLayout(self._build_ways(), 5)
        row.addLayout(self._build_lists(), 6)
        scroll = QScrollArea(widgetResizable=True)
        scroll.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        scroll.setWidget(inner)
        column = parts.column(self, gap=8)
        column.addWidget(scroll)

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() is QEvent.Type.StyleChange:
            self._fit()

    def _fit(self) -> None:
        """As wide as the size of the text asks for."""
        self._inner.setMaximumWidth(WIDTH * theme.font("body").pixelSize() // int(theme.TOKENS["font"]["size"]["body"]))

    def _build_ways(self) -> QVBoxLayout:
        column = parts.column(gap=8)
        title = text("Open a dataset", size="page", strong=True)
        words = text("Find what your model gets wrong, fix the data, prove it helped.", colour="secondary")
        words.setWordWrap(True)
        self.import_button = button("Import…", kind="primary", icon="folder", key="Ctrl+I")
        self.open_button = button("Open project…", icon="folder", key="Ctrl+O")
        self.demo_button = button("Open demo", icon="play", key="D")
        self.import_button.clicked.connect(lambda: self.import_wanted.emit(None))
        self.open_button.clicked.connect(self.choose_project)
        self.demo_button.clicked.connect(lambda: self.demo_wanted.emit(""))
        for widget in (self.import_button, self.open_button, self.demo_button):
            widget.setProperty("large", "true")
        drop = DropZone(
            "Drop a folder or file here",
            "Class folders, CSV, Parquet, JSON lines, Hugging Face folder, Label Studio, or a .dataimp project",
        )
        drop.clicked.connect(lambda: self.import_wanted.emit(None))
        column.addWidget(title)
        column.addWidget(words)
        column.addSpacing(12)
        column.addWidget(self.import_button)
        row = parts.row(gap=8)
        row.addWidget(self.open_button)
        row.addWidget(self.demo_button)
        column.addLayout(row)
        column.addSpacing(8)
        column.addWidget(drop)
        column.addStretch(1)
        return column

    def _build_lists(self) -> QVBoxLayout:
        column = parts.column(gap=8)
        head = parts.row(gap=8)
        self._recent_title = text("Recent", strong=True)
        self._search = QLineEdit(placeholderText="Search projects", clearButtonEnabled=True)
        self._search.setAccessibleName("Search projects")
        self._search.setMaximumWidth(180)
        self._search.textChanged.connect(lambda _: self._show_recent())
        head.addWidget(self._recent_title)
        head.addStretch(1)
        head.addWidget(self._search)
        self._recents = parts.column(gap=8)
        self._none = text("Projects that you open appear here.", colour="muted")
        self._demos = QGridLayout()
        self._demos.setSpacing(8)
        column.addLayout(head)
        column.addWidget(self._none)
        column.addLayout(self._recents)
        column.addSpacing(16)
        titles = parts.row(gap=8)
        titles.addWidget(text("Demos", strong=True))
        titles.addWidget(text("real data, work offline", size="small", colour="muted"))
        titles.addStretch(1)
        column.addLayout(titles)
        column.addLayout(self._demos)
        column.addStretch(1)
        return column

    def refresh(self) -> None:
        """Read the list again; called whenever the page comes into view."""
        self._entries = recent.load(self._config)
        self._search.setVisible(len(self._entries) > 4)
        if not self._demos.count():
            self._show_demos()
        self._show_recent()

    def _show_recent(self) -> None:
        clear(self._recents)
        needle = self._search.text().strip().casefold()
        found = [entry for entry in self._entries if needle in entry.name.casefold()][: 5 if not needle else 20]
        names = [entry.name for entry in found]
        for entry in found:
            self._recents.addWidget(self._recent_card(entry, named=names.count(entry.name) > 1))
        self._none.setVisible(not found)
        self._none.setText("No project of that name." if needle else "Projects that you open appear here.")
        self._order_tabs()

    def _order_tabs(self) -> None:
        """In reading order, although the cards were made in another one."""
        before: QWidget = self._search
        for layout in (self._recents, self._demos):
            for number in range(layout.count()):
                item = layout.itemAt(number)
                if item is not None and (card := item.widget()) is not None:
                    QWidget.setTabOrder(before, card)
                    before = card

    def _recent_card(self, entry: Recent, *, named: bool) -> Card:
        """``named``: another one has the same name, so that it takes the folder to tell them apart."""
        words = f"{entry.examples:,} {NOUNS.get(entry.modality, 'examples')}, {entry.classes:,} labels"
        if entry.accuracy is not None:
            part = theme.one_line(entry.part)
            words += f", {part} accuracy {entry.accuracy:.1%}" if part else f", accuracy {entry.accuracy:.1%}"
        if named:
            words = f"in {theme.one_line(Path(entry.path).parent)}, {words}"
        icon = ICONS.get(entry.modality, "table")
        if entry.missing:
            card = Card("warning", theme.one_line(entry.name), "The folder is gone. Click to forget it.", "")
            card.clicked.connect(lambda: self._forget(entry))
            return card
        face = QPixmap(str(recent.face(entry.path, self._config)))
        day, version = recent.day(entry.at), theme.one_line(entry.version)
        card = ProjectCard(
            icon, theme.one_line(entry.name), words, day, face=face, version=version, note=_gates(entry.failing)
        )
        card.explain(entry.path)
        card.clicked.connect(lambda: self.open_wanted.emit(Path(entry.path)))
        return card

    def _show_demos(self) -> None:
        from dataimp_gui.core.demos import demos  # with the rest of the core, after the first paint

        for place, demo in enumerate(demos()):
            words = f"{demo.examples:,} {NOUNS[demo.modality.value]}"
            card = Card(ICONS[demo.modality.value], demo.title, words, "")
            card.explain(demo.about)
            card.clicked.connect(lambda name=demo.name: self.demo_wanted.emit(name))
            self._demos.addWidget(card, 0, place)

    def _forget(self, entry: Recent) -> None:
        recent.forget(entry.path, self._config)
        self.refresh()

    def choose_project(self) -> None:
        dialog = QFileDialog(self, "Open project")
        dialog.setFileMode(QFileDialog.FileMode.Directory)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.fileSelected.connect(lambda name: self.open_wanted.emit(Path(name)))
        dialog.open()


def _gates(failing: int | None) -> tuple[str, str, str] | None:
    """The sign, its colour and the words of the newest evaluation."""
    if failing is None:
        return None
    if not failing:
        return "check", "ok.text", "all gates pass"
    return "close", "err.text", "1 gate fails" if failing == 1 else f"{failing:,} gates fail"
