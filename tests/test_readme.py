"""The commands that the README shows work as they stand there, one after the other."""

import re
import shlex
from pathlib import Path

from dataimp_gui.cli import run

README = Path(__file__).parent.parent / "README.md"


def shown() -> list[list[str]]:
    block = README.read_text(encoding="utf-8").split("## The command line")[1].split("For completion")[0]
    return [shlex.split(line, comments=True)[1:] for line in re.findall(r"^    (dataimp .*)$", block, re.MULTILINE)]


def test_the_commands_of_the_readme_work_one_after_the_other(tmp_path, monkeypatch, capsys):
    commands = shown()
    assert len(commands) > 15
    assert commands[0][:2] == ["demo", "~/demo"]
    assert run(["demo", str(tmp_path / "demo"), "--no-window"]) == 0
    monkeypatch.chdir(tmp_path / "demo")
    for command in commands[1:]:
        assert run(command) == 0, (command, capsys.readouterr().err)
    assert (tmp_path / "demo" / "clothing.html").is_file()
