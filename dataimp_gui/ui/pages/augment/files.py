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
PYTHON: Final = "Python for albumentations (*.py)"
SUFFIXES: Final = {PLAIN: "json", PYTHON: "py"}


def ask_save(policy: Policy, then: Callable[[Path], None], parent: QWidget) -> None:
    """Which file; its ending says which format."""
    filters = [PLAIN, PYTHON] if policy.modality is Modality.IMAGE else [PLAIN]
    dialog = QFileDialog(parent, "Export the policy", "", ";;".join(filters))
    dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
    dialog.setDefaultSuffix("json")
    dialog.filterSelected.connect(lambda chosen: dialog.setDefaultSuffix(SUFFIXES[chosen]))
    dialog.selectFile(f"{safe(policy.name)}.json")
    dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    dialog.fileSelected.connect(lambda name: then(Path(name)))
    dialog.open()


def ask_open(then: Callable[[Path], None], parent: QWidget) -> None:
    dialog = QFileDialog(parent, "Open a policy", "", PLAIN)
    dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
    dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    dialog.fileSelected.connect(lambda name: then(Path(name)))
    dialog.open()


def write(policy: Policy, file: Path) -> None:
    """A `.py` file is a snippet for albumentations. Raises DataimpError."""
    if file.suffix != ".py":
        save(policy, file)
        return
    words = albumentations.snippet(policy)
    try:
        file.write_text(words, encoding="utf-8")
    except OSError as error:
        raise DataimpError(f"{file} cannot be written: {error.strerror}.", hint="Choose another place.") from error


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
