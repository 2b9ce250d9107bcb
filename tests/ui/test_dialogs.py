"""Import, commit, export and settings through their dialogs."""

import json
import shutil

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QComboBox, QLineEdit

from dataimp_gui.core.model import Role
from dataimp_gui.core.project import Project
from dataimp_gui.ui.dialogs.commit_dialog import CommitDialog
from dataimp_gui.ui.dialogs.export_dialog import ExportDialog
from dataimp_gui.ui.dialogs.import_columns import USE
from dataimp_gui.ui.dialogs.import_dialog import ImportDialog
from dataimp_gui.ui.dialogs.import_source import free_target
from dataimp_gui.ui.dialogs.quarantine_dialog import QuarantineDialog
from dataimp_gui.ui.dialogs.settings_dialog import SettingsDialog
from dataimp_gui.ui.kit.amounts import size_words

LEFT = Qt.MouseButton.LeftButton
LONG_MS = 30_000


def until(qtbot, fact):
    qtbot.waitUntil(fact, timeout=LONG_MS)


def dialog_of(qtbot, window, kind):
    until(qtbot, lambda: any(d.isVisible() for d in window.findChildren(kind)))
    return next(d for d in window.findChildren(kind) if d.isVisible())


@pytest.fixture
def table(tmp_path):
    source = tmp_path / "shop.csv"
    rows = [f"{n:03d},{('bag', 'coat')[n % 2]},{n / 10},note {n}" for n in range(20)]
    source.write_text("\n".join(["id,kind,weight,remark", *rows, "003,bag,1,twice"]))
    said = tmp_path / "said.csv"
    said.write_text("\n".join(["id,predicted", *(f"{n:03d},bag" for n in range(20))]))
    return source, said


def test_a_table_is_imported_with_the_roles_that_were_chosen(open_window, table, qtbot):
    source, said = table
    window = open_window()
    window.import_source(source)
    dialog = dialog_of(qtbot, window, ImportDialog)
    until(qtbot, dialog.start.isEnabled)
    names = [dialog.columns.column(n).name for n in range(dialog.columns.rowCount())]
    dialog.columns.setData(dialog.columns.index(names.index("kind"), USE), Role.LABEL.value)
    dialog.columns.setData(dialog.columns.index(names.index("remark"), USE), Role.SKIP.value)
    dialog.add_predictions(said)
    assert "Import" in dialog.start.text()
    qtbot.mouseClick(dialog.start, LEFT)
    until(qtbot, lambda: window.session is not None and window.session.ready)
    project = window.session.project
    assert project.path == source.parent / "shop.dataimp"
    assert (project.count, project.classes) == (20, ("bag", "coat"))
    assert len(project.runs) == 1
    assert "remark" not in [column.name for column in project.query.columns()]
    until(qtbot, window.toast.isVisible)
    window.commands.find("window.quarantine").trigger()
    aside = dialog_of(qtbot, window, QuarantineDialog)
    until(qtbot, lambda: aside.table.model() is not None and aside.table.model().rowCount() == 1)
    assert "003" in [aside.table.model().index(0, column).data() for column in range(5)]
    aside.accept()


def test_a_role_that_one_column_can_have_leaves_the_column_that_had_it(open_window, table, qtbot):
    window = open_window()
    window.import_source(table[0])
    dialog = dialog_of(qtbot, window, ImportDialog)
    until(qtbot, lambda: dialog.columns.rowCount() == 4)
    model = dialog.columns
    names = [model.column(n).name for n in range(4)]
    model.setData(model.index(names.index("kind"), USE), Role.METADATA.value)
    assert dialog.unlabelled.isVisible()
    model.setData(model.index(names.index("kind"), USE), Role.LABEL.value)
    assert not dialog.unlabelled.isVisible()
    model.setData(model.index(names.index("remark"), USE), Role.LABEL.value)
    assert [model.column(n).role for n in range(4)].count(Role.LABEL) == 1
    assert model.roles()["remark"] is Role.LABEL
    dialog.reject()


def test_a_source_that_is_none_says_so_and_the_dialog_stays(open_window, tmp_path, qtbot):
    source = tmp_path / "bad.parquet"
    source.write_bytes(b"PAR1 nonsense")
    window = open_window()
    window.import_source(source)
    dialog = dialog_of(qtbot, window, ImportDialog)
    until(qtbot, lambda: dialog.message.text() != "")
    assert dialog.isVisible()
    assert not dialog.start.isEnabled()
    dialog.reject()


def test_an_import_can_be_cancelled_and_leaves_nothing(open_window, pictures_source, qtbot, tmp_path):
    window = open_window()
    window.import_source(pictures_source / "data")
    dialog = dialog_of(qtbot, window, ImportDialog)
    until(qtbot, dialog.start.isEnabled)
    dialog.target.setText(str(tmp_path / "new.dataimp"))
    qtbot.mouseClick(dialog.start, LEFT)
    qtbot.mouseClick(dialog.stop, LEFT)
    assert dialog.isVisible()
    assert dialog.start.isEnabled()
    dialog.reject()
    window.close()
    assert not [path for path in tmp_path.iterdir() if path.name.startswith("new")]


def test_commit_then_export_through_the_dialogs(open_window, pictures, qtbot, tmp_path):
    window = open_window(pictures)
    row = int(window.session.rows[0])
    window.session.edit(lambda project: project.relabel([row], "shirt"))
    until(qtbot, lambda: window.session.last.undo_title != "")
    window.commands.find("window.commit").trigger()
    commit = dialog_of(qtbot, window, CommitDialog)
    assert not commit.go.isEnabled()
    qtbot.keyClicks(commit.message, "One bag was a shirt")
    qtbot.mouseClick(commit.go, LEFT)
    until(qtbot, lambda: window.session.version is not None)
    assert window.session.version.message == "One bag was a shirt"
    assert window.session.draft_name == "v1"

    window.commands.find("window.export").trigger()
    export = dialog_of(qtbot, window, ExportDialog)
    until(qtbot, export.go.isEnabled)
    chosen = next(b for b in export.format.group.buttons() if b.property("format") == "csv")
    qtbot.mouseClick(chosen, LEFT)
    chosen.setChecked(True)
    export.folder.setText(str(tmp_path / "out"))
    qtbot.mouseClick(export.go, LEFT)
    until(qtbot, (tmp_path / "out" / "version.json").is_file)
    assert json.loads((tmp_path / "out" / "version.json").read_text())["name"] == "v1"
    until(qtbot, lambda: "Exported v1" in window.toast.words)


def test_a_commit_names_the_files_that_changed(open_window, pictures_source, qtbot, tmp_path):
    shutil.copytree(pictures_source / "data", tmp_path / "data")
    with Project.create(tmp_path / "p.dataimp", tmp_path / "data")[0] as project:
        project.commit("as it came")
    (tmp_path / "data" / "bag" / "00.png").write_bytes((tmp_path / "data" / "bag" / "01.png").read_bytes())
    window = open_window(tmp_path / "p.dataimp")
    until(qtbot, lambda: window.session.version is not None)
    window.commands.find("window.commit").trigger()
    commit = dialog_of(qtbot, window, CommitDialog)
    qtbot.keyClicks(commit.message, "Retouched")
    qtbot.mouseClick(commit.go, LEFT)
    until(qtbot, lambda: "the file of bag/00.png has changed" in window.toast.words)


def test_what_the_query_selects_can_be_exported_alone(open_window, pictures, qtbot, tmp_path):
    with Project.open(pictures) as project:
        project.commit("first")
    window = open_window(pictures)
    window.session.ask("label = 'bag'")
    until(qtbot, lambda: len(window.session.rows) == 12)
    window.commands.find("window.export").trigger()
    export = dialog_of(qtbot, window, ExportDialog)
    until(qtbot, export.go.isEnabled)
    assert export.only.text() == "Only the 12 examples that the query selects"
    export.only.click()
    export.folder.setText(str(tmp_path / "out"))
    qtbot.mouseClick(export.go, LEFT)
    until(qtbot, (tmp_path / "out" / "manifest.json").is_file)
    about = json.loads((tmp_path / "out" / "manifest.json").read_text())
    assert (about["examples"], about["where"]) == (12, "label = 'bag'")
    until(qtbot, lambda: "12 examples" in window.toast.words)


def test_a_second_commit_says_what_changed_and_an_unchanged_one_is_refused(open_window, pictures, qtbot):
    with Project.open(pictures) as project:
        project.commit("first")
    window = open_window(pictures)
    until(qtbot, lambda: window.session.version is not None)
    window.commands.find("window.commit").trigger()
    dialog = dialog_of(qtbot, window, CommitDialog)
    until(qtbot, lambda: dialog.changes.text() == "Since v1: nothing changed.")
    qtbot.keyClicks(dialog.message, "again")
    qtbot.mouseClick(dialog.go, LEFT)
    until(qtbot, lambda: "Nothing changed since v1" in dialog.wrong.text())
    dialog.reject()
    window.session.edit(lambda project: project.relabel([0, 1], "shirt"))
    until(qtbot, lambda: window.session.draft_name == "v2 draft")
    window.commands.find("window.commit").trigger()
    dialog = dialog_of(qtbot, window, CommitDialog)
    until(qtbot, lambda: dialog.changes.text() == "Since v1: 2 relabelled (bag → shirt 2).")
    dialog.reject()


def test_settings_are_in_force_at_once_and_kept(open_window, qtbot):
    window = open_window()
    window.commands.find("window.settings").trigger()
    dialog = dialog_of(qtbot, window, SettingsDialog)
    name, box = dialog.controls["author"], dialog.controls["theme"]
    assert isinstance(name, QLineEdit)
    assert isinstance(box, QComboBox)
    name.selectAll()
    qtbot.keyClicks(name, "Ada")
    qtbot.keyClick(name, Qt.Key.Key_Return)
    assert window.settings.signature == window.opening.author == "Ada"
    window.close()
    assert open_window().settings.author == "Ada"


def test_a_free_place_is_proposed_for_the_project(tmp_path):
    (tmp_path / "a.dataimp").mkdir()
    assert free_target(tmp_path / "a.csv") == tmp_path / "a-2.dataimp"


def test_sizes_are_told_in_words():
    assert [size_words(n) for n in (0, 999, 1500, 38_000_000)] == ["0 bytes", "999 bytes", "1.5 KB", "38 MB"]
