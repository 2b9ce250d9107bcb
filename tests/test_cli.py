"""The command line as a script meets it: arguments in; exit code, stdout and stderr out."""

import json
import os
import subprocess
import sys

import click
import pytest

from dataimp_gui.cli import COMMANDS, dataimp, run


@pytest.fixture
def call(capsys):
    """Run a command; (exit code, stdout, stderr)."""

    def call(*arguments):
        code = run([str(argument) for argument in arguments])
        out, err = capsys.readouterr()
        return code, out, err

    return call


@pytest.fixture
def ask(call):
    """Run a command with --json that must succeed; its answer."""

    def ask(*arguments):
        code, out, err = call(*arguments, "--json")
        assert code == 0, err
        return json.loads(out)

    return ask


def test_import_says_what_came_in(ask, shirts_files, tmp_path):
    dataset, predictions = shirts_files
    answer = ask("import", dataset, tmp_path / "p.dataimp", "--predictions", predictions)
    assert (answer["examples"], answer["quarantined"]) == (60, 0)
    info = ask("info", tmp_path / "p.dataimp")
    assert info["examples"] == 60
    assert info["modality"] == "table"
    assert info["classes"] == ["Bag", "Coat", "Shirt"]
    assert info["splits"] == {"train": 20, "val": 20, "test": 20}
    assert [one["name"] for one in info["runs"]] == ["predictions"]
    assert (info["quarantined"], info["edits"], info["versions"]) == (0, 0, [])
    assert info["contract"]["modality"] == "table"


def test_import_says_which_column_is_what(call, tmp_path):
    lines = [f"hello number {number},{number % 3},{'ab'[number % 2]}" for number in range(40)]
    (tmp_path / "chat.csv").write_text("\n".join(["text,digit,speaker", *lines]))
    _, out, _ = call("import", tmp_path / "chat.csv", tmp_path / "one.dataimp")
    assert "Taken: text from 'text', group from 'speaker'. Nothing is the label; --label names it." in out
    _, out, _ = call("import", tmp_path / "chat.csv", tmp_path / "two.dataimp", "--label", "digit")
    assert "Taken: text from 'text', label from 'digit', group from 'speaker'." in out


def test_query_gives_ids_as_written(ask, shirts):
    answer = ask("query", shirts, "error and label = 'Coat'")
    assert answer["ids"] == ["004", "016", "028", "040", "052"]
    assert answer["count"] == 5


def test_metrics_has_the_keys_of_the_contract_and_counts_right(ask, shirts):
    answer = ask("metrics", shirts)
    keys = ["n", "errors", "accuracy", "accuracy_ci", "macro_f1", "ece", "cost", "per_class", "confusion"]
    assert sorted(answer) == sorted(keys)
    assert (answer["n"], answer["errors"], answer["accuracy"]) == (60, 15, 0.75)
    low, high = answer["accuracy_ci"]
    assert (round(low, 4), round(high, 4)) == (0.6277, 0.8422)  # Wilson, by hand
    assert answer["confusion"]["labels"] == ["Bag", "Coat", "Shirt"]
    assert sum(map(sum, answer["confusion"]["counts"])) == 60
    assert [one["n"] for one in answer["per_class"]] == [20, 20, 20]
    assert ask("metrics", shirts, "--where", "split = 'test'")["n"] == 20


def test_relabel_undo_redo_and_history(ask, shirts):
    where = "id = '004'"
    assert ask("relabel", shirts, "--where", where, "--to", "Shirt", "--why", "blind check") == {
        "edit": 1,
        "changed": 1,
    }
    assert ask("query", shirts, "label = 'Shirt' and edited")["ids"] == ["004"]
    assert ask("undo", shirts) == {"edit": 2, "title": "Undid: Relabelled 1 to Shirt"}
    assert ask("query", shirts, "edited")["count"] == 0
    assert ask("redo", shirts)["title"] == "Redid: Relabelled 1 to Shirt"
    lines = ask("history", shirts, "--id", "004")["edits"]
    assert [(line["before"], line["after"], line["author"], line["why"]) for line in lines[:1]] == [
        ("Coat", "Shirt", "mira", "blind check")
    ]
    assert len(ask("history", shirts)["edits"]) == 3


def test_nothing_to_change_is_no_edit(ask, shirts):
    assert ask("relabel", shirts, "--where", "label = 'Coat'", "--to", "Coat") == {"edit": None, "changed": 0}
    assert ask("history", shirts) == {"edits": []}


def test_tags_splits_notes_and_exclusions(ask, shirts):
    assert ask("tag", shirts, "--where", "brightness < 0.1", "--to", "dark")["changed"] == 6
    assert ask("query", shirts, "'dark' in tags")["count"] == 6
    assert ask("untag", shirts, "--where", "id = '000'", "--to", "dark")["changed"] == 1
    assert ask("query", shirts, "list_contains(tags, 'dark')")["count"] == 5
    assert ask("exclude", shirts, "--where", "'dark' in tags", "--why", "too dark")["changed"] == 5
    assert ask("metrics", shirts)["n"] == 55
    assert ask("include", shirts, "--where", "excluded")["changed"] == 5
    assert ask("set-split", shirts, "--where", "id = '000'", "--to", "holdout")["changed"] == 1
    assert ask("info", shirts)["splits"]["holdout"] == 1
    assert ask("note", shirts, "--where", "id = '000'", "--to", "=ask Mira")["changed"] == 1
    assert ask("query", shirts, "note = '=ask Mira'")["ids"] == ["000"]
    assert ask("review", shirts, "--where", "true")["changed"] == 60
    assert ask("query", shirts, "reviewed")["count"] == 60


def test_a_new_class_must_be_asked_for(call, ask, shirts):
    code, _, err = call("relabel", shirts, "--where", "id = '000'", "--to", "Shrit")
    assert code == 2
    assert 'The nearest is "Shirt"' in err
    assert ask("relabel", shirts, "--where", "id = '000'", "--to", "Sandal", "--new-class")["changed"] == 1
    assert ask("info", shirts)["classes"][-1] == "Sandal"


def test_the_whole_way_from_relabel_to_a_verified_export(call, ask, shirts, tmp_path):
    first = ask("commit", shirts, "-m", "As imported")
    assert (first["version"], first["parent"], first["added"]) == ("v1", None, 60)
    ask("relabel", shirts, "--where", "id = '004'", "--to", "Shirt")
    second = ask("commit", shirts, "-m", "One shirt")
    assert (second["version"], second["parent"], second["relabelled"], second["added"]) == ("v2", "v1", 1, 0)
    assert [one["name"] for one in ask("log", shirts)["versions"]] == ["v2", "v1"]
    assert call("diff", shirts, "v1", "v2", "--json")[0] == 0
    ask("export", shirts, second["content"][:12], tmp_path / "out", "--format", "csv")
    part = ask("export", shirts, "v1", tmp_path / "part", "--format", "csv", "--where", "id in ('001', '002', '003')")
    assert part["examples"] == 3
    checked = ask("verify", tmp_path / "out")
    assert checked["ok"]
    assert checked["files"] >= 1
    changed = next(path for path in (tmp_path / "out").rglob("*.csv"))
    changed.write_bytes(changed.read_bytes().replace(b"Shirt", b"shirt", 1))
    code, out, _ = call("verify", tmp_path / "out", "--json")
    answer = json.loads(out)
    assert (code, answer["ok"]) == (1, False)
    assert [bad["file"] for bad in answer["bad"]] == [changed.relative_to(tmp_path / "out").as_posix()]


def test_add_run_makes_it_the_current_one(ask, shirts, shirts_files, tmp_path):
    dataset, _ = shirts_files
    perfect = tmp_path / "perfect.csv"
    lines = dataset.read_text().splitlines()
    perfect.write_text("id,predicted\n" + "\n".join(",".join(line.split(",")[:2]) for line in lines[1:]))
    ask("add-run", shirts, perfect, "--name", "perfect")
    assert ask("metrics", shirts)["accuracy"] == 1.0
    assert ask("metrics", shirts, "--run", "predictions")["accuracy"] == 0.75
    assert ask("query", shirts, "error", "--run", "predictions")["count"] == 15


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["info", "nowhere.dataimp"], "There is no project at nowhere.dataimp"),
        (["query", "SHIRTS", "brightnes < 0.2"], "brightness"),
        (["query", "SHIRTS", "label ="], "dataimp: error"),
        (["query", "SHIRTS", "id in (select content from read_text('/etc/passwd'))"], "dataimp: error"),
        (["metrics", "SHIRTS", "--run", "none"], 'There is no run "none"'),
        (["history", "SHIRTS", "--id", "zzz"], "No example has the id"),
        (["undo", "SHIRTS"], "nothing to undo"),
        (["export", "SHIRTS", "v9", "out", "--format", "csv"], "v9"),
        (["import", "nothing-here", "x.dataimp"], "nothing-here"),
        (["verify", "nothing-here"], "nothing-here"),
        (["frobnicate"], 'There is no command "frobnicate"'),
        (["tag", "SHIRTS", "--where", "true"], "--to"),
        (["tag", "SHIRTS", "--where", "true", "--to", " "], "tag needs"),
        (["info"], "PROJECT"),
    ],
)
def test_what_is_wrong_is_one_line_with_exit_code_2(call, shirts, tmp_path, monkeypatch, arguments, says):
    monkeypatch.chdir(tmp_path)
    code, out, err = call(*(shirts if argument == "SHIRTS" else argument for argument in arguments))
    assert (code, out) == (2, "")
    assert err.startswith("dataimp: error: ")
    assert err.count("\n") == 1
    assert says in err


def test_a_bug_is_one_line_too_and_its_trace_is_kept(call, shirts, monkeypatch, tmp_path):
    import tempfile

    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    monkeypatch.setattr("dataimp_gui.core.project.imported_state", lambda *_: 1 / 0)
    code, out, err = call("info", shirts)
    assert (code, out, err.count("\n")) == (2, "", 1)
    assert "ZeroDivisionError" in err
    assert "ZeroDivisionError" in next(tmp_path.glob("dataimp-report-*.txt")).read_text()


@pytest.mark.parametrize("arguments", [["open"], ["open", "SHIRTS"], []])
def test_no_display_is_said_instead_of_an_abort(call, shirts, monkeypatch, arguments):
    monkeypatch.setattr(sys, "platform", "linux")
    for name in ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM"):
        monkeypatch.delenv(name, raising=False)
    code, out, err = call(*(shirts if argument == "SHIRTS" else argument for argument in arguments))
    assert (code, out, err.count("\n")) == (2, "", 1)
    assert "no display" in err


def test_data_cannot_forge_terminal_lines(call, shirts):
    call("note", shirts, "--where", "id = '000'", "--to", "x\n\x1b[2J99  forged \u202egnp")
    _, out, _ = call("history", shirts, "--id", "000")
    assert out.count("\n") == 1
    assert "\x1b" not in out
    assert "\u202e" not in out


def test_every_command_is_listed_and_has_an_example():
    context = click.Context(dataimp)
    for name in COMMANDS:
        command = dataimp.get_command(context, name)
        assert command is not None
        assert command.name == name
        assert command.epilog.startswith(f"Example: dataimp {name} ")
        assert command.help


@pytest.mark.parametrize(("typed", "offered"), [("dataimp me", "metrics"), ("dataimp metrics --w", "--where")])
def test_the_shell_can_complete_commands_and_options(typed, offered):
    words = typed.split()
    environ = {"COMP_WORDS": typed, "COMP_CWORD": str(len(words) - 1), "_DATAIMP_COMPLETE": "bash_complete"}
    code = "import sys; sys.argv[0] = 'dataimp'; from dataimp_gui.__main__ import main; main()"
    done = subprocess.run(
        [sys.executable, "-c", code], env={**os.environ, **environ}, capture_output=True, text=True, check=False
    )
    assert f"plain,{offered}" in done.stdout.splitlines()


def test_asking_works_while_the_project_is_open_for_writing(ask, call, shirts):
    import dataimp_gui

    with dataimp_gui.open(shirts):
        assert ask("info", shirts)["examples"] == 60
        code, _, err = call("undo", shirts)
        assert code == 2
        assert "open in another Dataimp" in err


def test_importing_the_package_starts_nothing_heavy():
    code = (
        "import sys, time; start = time.perf_counter(); import dataimp_gui, dataimp_gui.cli; "
        "took = time.perf_counter() - start; "
        "heavy = {'PySide6', 'sklearn', 'pandas', 'duckdb', 'numpy', 'cv2', 'PIL', 'scipy'} & set(sys.modules); "
        "print(sorted(heavy), took < 0.5)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[] True"


def test_a_file_name_cannot_write_escapes_to_the_terminal(capsys):
    from dataimp_gui.cli.output import _Line
    from dataimp_gui.progress import Report

    _Line().show(Report("Reading \x1b]0;owned\x07.csv", 1, 0, 0.1))
    assert "\x1b]0" not in capsys.readouterr().err


def test_the_help_of_demo_names_every_demo(call):
    from dataimp_gui.core.demos import demos

    code, out, _ = call("demo", "--help")
    assert code == 0
    assert [demo.name for demo in demos() if demo.name not in out] == []


def test_one_row_aside_is_told_as_one(call, tmp_path):
    (tmp_path / "shop.csv").write_text("id,label\n1,bag\n2,coat\n2,bag\n")
    _, out, _ = call("import", tmp_path / "shop.csv", tmp_path / "shop.dataimp")
    assert "1 row is in quarantine" in out
