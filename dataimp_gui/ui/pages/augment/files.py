"""Policies in files: of Dataimp, and of albumentations for images."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Final

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFileDialog, QWidget

from dataimp_gui.core.augment import albumentations
from dataimp_gui.core.augment.policy import MOST_BYTES, Policy, load, save
from dataimp_gui.core.model import Modality
from dataimp_gui.core.versions.names import safe
from dataimp_gui.errors import DataimpError

PLAIN: Final = "Policy (*.json)"
THEIRS: Final = "Albumentations (*.json)"
PYTHON: Final = "Python for albumentations (*.py)"
SUFFIXES: Final = {PLAIN: "json", THEIRS: "json", PYTHON: "py"}


def ask_save(policy: Policy, then: Callable[[Path, str], None], parent: QWidget) -> None:
    """Which file, and which of the formats above."""
    filters = [PLAIN, THEIRS, PYTHON] if policy.modality is Modality.IMAGE else [PLAIN]
    dialog = QFileDialog(parent, "Export the policy", "", ";;".join(filters))
    dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
    dialog.setDefaultSuffix("json")
    dialog.filterSelected.connect(lambda chosen: dialog.setDefaultSuffix(SUFFIXES[chosen]))
    dialog.selectFile(f"{safe(policy.name)}.json")
    dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    dialog.fileSelected.connect(lambda name: then(Path(name), dialog.selectedNameFilter()))
    dialog.open()


def ask_open(then: Callable[[Path], None], parent: QWidget) -> None:
    dialog = QFileDialog(parent, "Open a policy", "", PLAIN)
    dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
    dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    dialog.fileSelected.connect(lambda name: then(Path(name)))
    dialog.open()


def write(policy: Policy, file: Path, kind: str = "") -> tuple[str, ...]:
    """As a policy of ours when no ``kind`` is given and the ending is not that of Python. Sentences about steps that
    albumentations has not, or does in another way. Raises DataimpError."""
    said: tuple[str, ...] = ()
    if file.suffix == ".py":
        words = albumentations.snippet(policy)
    elif kind == THEIRS:
        found = albumentations.export(policy)
        words, said = json.dumps(found.document, indent=2) + "\n", (*found.left_out, *found.differs)
    else:
        save(policy, file)
        return ()
    try:
        file.write_text(words, encoding="utf-8")
    except OSError as error:
        raise DataimpError(f"{file} cannot be written: {error.strerror}.", hint="Choose another place.") from error
    return said


def read(file: Path, modality: Modality) -> tuple[Policy, tuple[str, ...]]:
    """A policy, and sentences about what was left out of a file of albumentations. Raises DataimpError."""
    left_out: tuple[str, ...] = ()
    if _is_theirs(file):
        found = albumentations.from_json(file.read_bytes(), file.stem)
        policy, left_out = found.policy, found.left_out
    else:
        policy = load(file)
    if policy.modality is not modality:
        raise DataimpError(f"The policy is for {policy.modality.value}, the project holds {modality.value}.")
    return policy, left_out


def _is_theirs(file: Path) -> bool:
    try:
        if file.stat().st_size > MOST_BYTES:
            return False
        document = json.loads(file.read_bytes())
    except (OSError, ValueError, RecursionError):
        return False
    return isinstance(document, dict) and "transform" in document
