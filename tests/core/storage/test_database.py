import sqlite3
import subprocess
import sys

import pytest

from dataimp_gui.core.storage import database
from dataimp_gui.core.storage.database import FILE, Database
from dataimp_gui.core.storage.lock import WriterLock
from dataimp_gui.errors import ProjectError


def test_a_folder_without_a_database_is_no_project(tmp_path):
    with pytest.raises(ProjectError, match="not a Dataimp project"):
        Database(tmp_path)


def test_what_was_put_is_there_when_opened_again(tmp_path):
    first = Database(tmp_path, create=True)
    first.put("contract", "{}")
    first.add_words("label", ["Coat", "Shirt"])
    first.add_words("label", ["Bag"])
    first.close()
    again = Database(tmp_path)
    assert again.get("contract") == "{}"
    assert again.words("label") == ["Coat", "Shirt", "Bag"]
    again.close()


def test_a_transaction_that_fails_leaves_nothing(tmp_path):
    db = Database(tmp_path, create=True)

    def half_way():
        with db.transaction():
            db.put("half", "done")
            raise KeyError

    with pytest.raises(KeyError):
        half_way()
    assert db.get("half", "nothing") == "nothing"
    db.close()


def test_a_newer_format_is_refused_and_not_touched(tmp_path):
    Database(tmp_path, create=True).close()
    raw = sqlite3.connect(tmp_path / FILE)
    raw.execute("PRAGMA user_version = 99")
    raw.close()
    with pytest.raises(ProjectError, match="newer Dataimp") as caught:
        Database(tmp_path)
    assert "Update" in caught.value.hint


def test_an_older_format_is_migrated_after_a_backup(tmp_path, monkeypatch):
    old = Database(tmp_path, create=True)
    old.put("name", "before")
    old.close()
    step = ("ALTER TABLE run ADD COLUMN colour TEXT NOT NULL DEFAULT 'blue'",)
    monkeypatch.setattr(database, "MIGRATIONS", (*database.MIGRATIONS, step))
    db = Database(tmp_path)
    known = len(database.MIGRATIONS)
    assert db.rows("PRAGMA user_version") == [(known,)]
    assert db.rows("SELECT colour FROM run") == []
    assert db.get("name") == "before"
    db.close()
    backup = sqlite3.connect(tmp_path / f"project.format-{known - 1}.sqlite")
    assert backup.execute("SELECT value FROM meta WHERE key = 'name'").fetchall() == [("before",)]
    assert backup.execute("PRAGMA user_version").fetchall() == [(known - 1,)]
    backup.close()


def test_a_migration_that_fails_leaves_the_old_format(tmp_path, monkeypatch):
    Database(tmp_path, create=True).close()
    broken = ("CREATE TABLE extra (x)", "ALTER TABLE nowhere ADD COLUMN y")
    monkeypatch.setattr(database, "MIGRATIONS", (*database.MIGRATIONS, broken))
    with pytest.raises(ProjectError):
        Database(tmp_path)
    monkeypatch.undo()
    db = Database(tmp_path)
    assert db.rows("SELECT name FROM sqlite_master WHERE name = 'extra'") == []
    db.close()


def test_a_file_that_is_no_database_is_named(tmp_path):
    (tmp_path / FILE).write_bytes(b"not a database, but long enough to be looked at" * 100)
    with pytest.raises(ProjectError, match=FILE):
        Database(tmp_path)


def test_another_programs_database_is_refused(tmp_path):
    raw = sqlite3.connect(tmp_path / FILE)
    raw.execute("PRAGMA application_id = 7")
    raw.execute("CREATE TABLE theirs (x)")
    raw.close()
    with pytest.raises(ProjectError, match="another program"):
        Database(tmp_path)


def test_read_only_can_look_while_another_writes(tmp_path):
    writer = Database(tmp_path, create=True)
    writer.put("name", "one")
    reader = Database(tmp_path, read_only=True)
    assert reader.get("name") == "one"
    with pytest.raises(sqlite3.OperationalError):
        reader.put("name", "two")
    reader.close()
    writer.close()


HOLD = "import sys; from pathlib import Path; from dataimp_gui.core.storage.lock import WriterLock; "
HOLD += "lock = WriterLock(Path(sys.argv[1])); print('held', flush=True); sys.stdin.read()"


def test_one_writer_at_a_time_and_a_dead_one_leaves_no_lock(tmp_path):
    child = subprocess.Popen(
        [sys.executable, "-c", HOLD, str(tmp_path)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    with child:
        assert child.stdout.readline() == "held\n"
        with pytest.raises(ProjectError, match="another Dataimp"):
            WriterLock(tmp_path)
        child.kill()
        child.wait()
    WriterLock(tmp_path).release()


def test_damage_that_shows_only_when_it_is_read_is_told(tmp_path):
    db = Database(tmp_path, create=True)
    with db.transaction():
        db.add_words("label", [f"class {number} {'x' * 200}" for number in range(2000)])
    db.close()
    data = bytearray((tmp_path / FILE).read_bytes())
    data[len(data) // 2 : -4096] = b"\xff" * (len(data) - 4096 - len(data) // 2)
    (tmp_path / FILE).write_bytes(data)
    damaged = Database(tmp_path)
    with pytest.raises(ProjectError, match="damaged"):
        damaged.words("label")
    damaged.close()
