"""The first step of an import: which file or folder, how it is written, what it holds, where the project goes."""

from pathlib import Path
from typing import Final

from PySide6.QtCore import QSignalBlocker, Signal, SignalInstance
from PySide6.QtWidgets import QCheckBox, QComboBox, QGridLayout, QLineEdit, QWidget

from dataimp_gui.core.formats import Found, Writing
from dataimp_gui.core.formats.dialect import Dialect
from dataimp_gui.core.model import Modality
from dataimp_gui.ui.kit import parts
from dataimp_gui.ui.kit.parts import small_button, text

FORMATS: Final = {
    "class-folders": "Class folders",
    "delimited": "CSV or TSV",
    "jsonlines": "JSON lines",
    "parquet": "Parquet",
    "arrow": "Arrow",
    "hugging-face": "Hugging Face folder",
    "label-studio": "Label Studio",
    "dataimp-export": "Dataimp export",
}
KINDS: Final = {
    Modality.IMAGE: "Images",
    Modality.AUDIO: "Sounds",
    Modality.TEXT: "Texts",
    Modality.TABLE: "Table only",
}
BY_LOOKING: Final = "Found by looking"
ENCODINGS: Final = {
    "": BY_LOOKING,
    "utf-8": "UTF-8",
    "utf-16": "UTF-16",
    "cp1252": "Western European (Windows)",
    "iso8859-15": "Western European (ISO)",
    "cp850": "Western European (DOS)",
    "cp1250": "Central European (Windows)",
    "cp1251": "Cyrillic (Windows)",
    "koi8-r": "Cyrillic (KOI8-R)",
    "cp1253": "Greek (Windows)",
    "cp1254": "Turkish (Windows)",
    "shift_jis": "Japanese (Shift JIS)",
    "euc_kr": "Korean (EUC-KR)",
    "gb18030": "Chinese (GB 18030)",
    "big5": "Chinese (Big5)",
}
SEPARATORS: Final = {
    "": BY_LOOKING,
    ",": "Comma",
    ";": "Semicolon",
    "\t": "Tab",
    "|": "Vertical bar",
    ":": "Colon",
    " ": "Space",
}


class SourceStep(QWidget):
    """``looked`` asks for a look at the path that was typed or at the same one written otherwise."""

    looked = Signal(object)  # Path
    file_wanted = Signal()
    folder_wanted = Signal()
    place_wanted = Signal()
    decided = Signal()  # another kind, or media copied or not

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._seen = ""
        self.path = QLineEdit(placeholderText="A file, or a folder of class folders")
        self.target = QLineEdit(placeholderText="NAME.dataimp")
        self.encoding, self.separator, self.modality = QComboBox(), QComboBox(), QComboBox()
        self.copy = QCheckBox("Copy media into the project")
        self.what = text(colour="secondary")
        self.what.setWordWrap(True)
        grid = QGridLayout()
        grid.setHorizontalSpacing(12)
        grid.setVerticalSpacing(12)
        grid.setColumnStretch(1, 1)
        self._add(grid, 0, "Source", self.path, ("File…", self.file_wanted), ("Folder…", self.folder_wanted))
        self._writing = (
            *self._add(grid, 1, "Encoding", self.encoding),
            *self._add(grid, 2, "Delimiter", self.separator),
        )
        self._rest = (
            *self._add(grid, 3, "Kind of data", self.modality),
            *self._add(grid, 4, "", self.copy),
            *self._add(grid, 5, "Project", self.target, ("Choose…", self.place_wanted)),
        )
        column = parts.column(self, gap=12)
        column.addLayout(grid)
        column.addWidget(self.what)
        column.addStretch(1)
        for box, choices in ((self.encoding, ENCODINGS), (self.separator, SEPARATORS)):
            for key, words in choices.items():
                box.addItem(words, key)
            box.activated.connect(lambda _: self.looked.emit(Path(self.path.text().strip()).expanduser()))
        for kind, words in KINDS.items():
            self.modality.addItem(words, kind)
        self.path.editingFinished.connect(self._look_at_typed)
        self.modality.activated.connect(lambda _: self.decided.emit())
        self.show_writing(False)
        self.show_nothing()

    def _add(
        self, grid: QGridLayout, line: int, name: str, field: QWidget, *offers: tuple[str, SignalInstance]
    ) -> tuple[QWidget, ...]:
        label = text(name, colour="secondary")
        label.setBuddy(field)
        if name:
            field.setAccessibleName(name)
        made = [label, field]
        grid.addWidget(label, line, 0)
        grid.addWidget(field, line, 1)
        for number, (words, wanted) in enumerate(offers):
            button = small_button(words)
            button.clicked.connect(wanted)
            grid.addWidget(button, line, 2 + number)
            made.append(button)
        return tuple(made)

    def _look_at_typed(self) -> None:
        """Also called when the focus leaves, so only a path that is another one counts."""
        typed = self.path.text().strip()
        if typed and typed != self._seen and self.isVisible():
            self.looked.emit(Path(typed).expanduser())

    @property
    def writing(self) -> Writing | None:
        """How the source is written, if a person said so."""
        said = Writing(str(self.encoding.currentData()), str(self.separator.currentData()))
        return said if said != Writing() else None

    def show_path(self, source: Path) -> None:
        """``source`` is being looked at; another one is guessed anew."""
        if str(source) != self._seen:
            self.encoding.setCurrentIndex(0)
            self.separator.setCurrentIndex(0)
            self.show_writing(False)
        self._seen = str(source)
        with QSignalBlocker(self.path):
            self.path.setText(str(source))
        self.show_nothing()
        self.what.setText("Looking…")

    def show_nothing(self) -> None:
        self.what.setText("")
        for widget in self._rest:
            widget.hide()

    def show_writing(self, on: bool) -> None:
        """Offer other encodings and delimiters."""
        for widget in self._writing:
            widget.setVisible(on)

    def show_found(self, found: Found) -> None:
        rows = (f"{found.rows:,} rows",) if found.rows is not None else ()  # counting some would mean reading them
        what = ", ".join((FORMATS.get(found.format, found.format), *rows, f"{len(found.columns):,} columns"))
        self.what.setText(". ".join((what, *found.notes)))
        self.modality.setCurrentIndex(self.modality.findData(found.modality))
        for widget in self._rest:
            widget.show()
        self.copy.setVisible(found.modality in (Modality.IMAGE, Modality.AUDIO))
        self.show_writing(found.format == "delimited")
        if isinstance(layout := found.options.get("dialect"), Dialect):
            _name_guess(self.separator, SEPARATORS.get(layout.separator, "none"))
            _name_guess(self.encoding, str(found.options["encoding"]))
        if not self.target.text():
            self.target.setText(str(free_target(found.path)))


def _name_guess(box: QComboBox, guess: str) -> None:
    """The first choice leaves it to the guess, which is known while that is the choice."""
    box.setItemText(0, f"{BY_LOOKING}: {guess}" if box.currentIndex() == 0 else BY_LOOKING)


def free_target(source: Path) -> Path:
    """A project beside its source, under a name that is not taken."""
    base = source.resolve()
    stem = base.name if base.is_dir() else base.stem
    candidate, number = base.parent / f"{stem}.dataimp", 2
    while candidate.exists():
        candidate, number = base.parent / f"{stem}-{number}.dataimp", number + 1
    return candidate
