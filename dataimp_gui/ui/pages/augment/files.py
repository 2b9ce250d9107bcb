"""Which file a policy is written to or read from."""

from collections.abc import Callable
from pathlib import Path
from typing import Final

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFileDialog, QWidget

from dataimp_gui.core.augment.files import Kind
from dataimp_gui.core.augment.policy import Policy
from dataimp_gui.core.model import Modality
from dataimp_gui.core.versions.names import safe

PLAIN: Final = "Policy (*.json)"
THEIRS: Final = "Albumentations (*.json)"
PYTHON: Final = "Python for albumentations (*.py)"
KINDS: Final[dict[str, tuple[Kind, str]]] = {
    PLAIN: ("dataimp", "json"),
    THEIRS: ("albumentations", "json"),
    PYTHON: ("python", "py"),
}


def ask_save(policy: Policy, then: Callable[[Path, Kind], None], parent: QWidget) -> None:
    """Which file, and which of the kinds above."""
    filters = [PLAIN, THEIRS, PYTHON] if policy.modality is Modality.IMAGE else [PLAIN]
    dialog = QFileDialog(parent, "Export the policy", "", ";;".join(filters))
    dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
    dialog.setDefaultSuffix("json")
    dialog.filterSelected.connect(lambda chosen: dialog.setDefaultSuffix(KINDS[chosen][1]))
    dialog.selectFile(f"{safe(policy.name)}.json")
    dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    dialog.fileSelected.connect(lambda name: then(Path(name), KINDS[dialog.selectedNameFilter()][0]))
    dialog.open()


def ask_open(then: Callable[[Path], None], parent: QWidget) -> None:
    dialog = QFileDialog(parent, "Open a policy", "", PLAIN)
    dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
    dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    dialog.fileSelected.connect(lambda name: then(Path(name)))
    dialog.open()
