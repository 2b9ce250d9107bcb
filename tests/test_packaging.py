"""The two commands of the README run on a bare Python, and the wheel brings everything that the program reads."""

import ast
import csv
import importlib.util
import json
import re
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from dataimp_gui import resources

ROOT = Path(__file__).resolve().parent.parent
PACKAGING = ROOT / "packaging"
BARE = ("environment.py", "start.py", "test.py")
LIMIT_BYTES = 12_000_000


def demos():
    return json.loads(resources.path("demo", "index.json").read_text("utf-8"))["demos"]


def load_script(name, monkeypatch):
    monkeypatch.syspath_prepend(str(PACKAGING))
    spec = importlib.util.spec_from_file_location(f"packaging_{name}", PACKAGING / f"{name}.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def wheel_names(tmp_path_factory):
    """The names in a wheel built as pip does, without the network."""
    target = tmp_path_factory.mktemp("wheel")
    build = f"import hatchling.build; hatchling.build.build_wheel({str(target)!r})"
    subprocess.run([sys.executable, "-c", build], cwd=ROOT, check=True, capture_output=True)
    (wheel,) = target.glob("*.whl")
    with zipfile.ZipFile(wheel) as archive:
        return set(archive.namelist())


@pytest.mark.parametrize("name", BARE)
def test_a_start_command_needs_only_the_standard_library(name):
    tree = ast.parse((PACKAGING / name).read_text("utf-8"))
    imported = {alias.name for node in ast.walk(tree) if isinstance(node, ast.Import) for alias in node.names}
    imported |= {node.module for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}
    assert {word.split(".")[0] for word in imported} <= sys.stdlib_module_names | {"environment"}


@pytest.mark.parametrize("path", sorted(PACKAGING.rglob("*.py")), ids=lambda path: path.stem)
def test_a_packaging_script_compiles(path):
    compile(path.read_text("utf-8"), str(path), "exec")


def test_the_folder_of_scripts_does_not_shadow_the_library_called_packaging():
    assert not (PACKAGING / "__init__.py").exists()


def test_ci_runs_the_check_of_the_readme_and_nothing_else():
    lines = (ROOT / ".ci" / "run").read_text("utf-8").splitlines()
    assert lines[0] == "#!/usr/bin/env bash"
    assert [line for line in lines if "python" in line] == ["exec python3 packaging/test.py"]


def test_the_wheel_holds_every_shipped_file(wheel_names):
    shipped = {path.relative_to(resources.ROOT).as_posix() for path in resources.ROOT.rglob("*") if path.is_file()}
    assert {f"dataimp_gui/resources/{name}" for name in shipped} <= wheel_names


def test_the_wheel_holds_every_module_and_no_test(wheel_names):
    modules = {path.relative_to(ROOT).as_posix() for path in (ROOT / "dataimp_gui").rglob("*.py")}
    assert modules <= wheel_names
    assert not [name for name in wheel_names if name.startswith(("tests/", "packaging/"))]


@pytest.mark.parametrize("demo", demos(), ids=lambda demo: demo["name"])
def test_a_demo_is_whole_and_has_its_licence(demo):
    for name in (demo["source"], demo["licence_file"], *(run["file"] for run in demo["predictions"])):
        assert resources.path("demo", *name.split("/")).stat().st_size > 0
    readme = resources.path("demo", demo["name"], "README.md").read_text("utf-8")
    assert "`LICENSE`" in readme
    for run in demo["predictions"]:
        with resources.path("demo", *run["file"].split("/")).open(encoding="utf-8", newline="") as file:
            rows = list(csv.DictReader(file))
        assert len(rows) == demo["examples"] == len({row["id"] for row in rows})
        assert len(rows[0]) - 1 == demo["classes"]
        sums = [sum(float(value) for key, value in row.items() if key != "id") for row in rows]
        assert max(abs(total - 1) for total in sums) < 1e-9


def test_every_voice_that_is_listed_is_there_and_no_other():
    folder = resources.path("demo", "voices")
    with (folder / "metadata.csv").open(encoding="utf-8", newline="") as file:
        listed = {row["file_name"] for row in csv.DictReader(file)}
    assert listed == {path.relative_to(folder).as_posix() for path in folder.rglob("*.flac")}


def test_the_messages_show_no_address_of_a_person():
    with resources.path("demo", "messages", "messages.csv").open(encoding="utf-8", newline="") as file:
        texts = [row["text"] for row in csv.DictReader(file)]
    assert not [text for text in texts if "://" in text or "www." in text.lower()]
    assert not [text for text in texts if re.search(r"[\w.+-]@[\w-]+\.\w", text)]


def test_the_demos_stay_small():
    size = sum(path.stat().st_size for path in resources.path("demo").rglob("*") if path.is_file())
    assert size <= LIMIT_BYTES


def test_an_environment_is_reused_only_when_nothing_changed(monkeypatch, tmp_path):
    environment = load_script("environment", monkeypatch)
    venv = tmp_path / ".venv"
    python = venv / ("Scripts/python.exe" if environment.WINDOWS else "bin/python")
    project = tmp_path / "pyproject.toml"
    project.write_text("[project]\nname = 'first'", encoding="utf-8")
    installed = []

    def make(made):
        made.parent.mkdir(parents=True, exist_ok=True)
        made.touch()

    monkeypatch.setattr(environment, "ROOT", tmp_path)
    monkeypatch.setattr(environment, "VENV", venv)
    monkeypatch.setattr(environment, "STAMP", venv / "dataimp-stamp.json")
    monkeypatch.setattr(environment, "install_system_packages", lambda *, testing: None)
    monkeypatch.setattr(environment, "make_venv", make)
    monkeypatch.setattr(environment, "install", lambda _python, extras: installed.append(sorted(extras)))

    assert environment.prepare("test") == python
    environment.prepare()
    environment.prepare("test")
    assert installed == [["test"]]
    environment.prepare("arrow")
    assert installed[1:] == [["arrow", "test"]]
    project.write_text("[project]\nname = 'first'\n[tool.ruff]\nline-length = 80", encoding="utf-8")
    environment.prepare()
    assert not installed[2:]
    project.write_text("[project]\nname = 'second'", encoding="utf-8")
    environment.prepare()
    assert installed[2:] == [[]]
    (venv / "dataimp-stamp.json").write_text("{ torn", encoding="utf-8")
    environment.prepare()
    assert installed[3:] == [[]]


def test_a_person_without_root_is_told_the_exact_command(monkeypatch, capsys):
    environment = load_script("environment", monkeypatch)
    monkeypatch.setattr(environment.os, "geteuid", lambda: 1000, raising=False)
    with pytest.raises(SystemExit) as stopped:
        environment.install_packages(["libegl1", "libgl1"], environment.INSTALLERS[0])
    assert stopped.value.code == 2
    assert "sudo apt-get install -y --no-install-recommends libegl1 libgl1\n" in capsys.readouterr().err


def test_every_library_of_qt_has_a_package_on_every_known_system(monkeypatch):
    environment = load_script("environment", monkeypatch)
    rows = (*environment.QT_LIBRARIES, *environment.X11_LIBRARIES, *environment.WAYLAND_LIBRARIES)
    assert all(len(row) == 1 + len(environment.INSTALLERS) and all(row) for row in rows)


def test_the_check_goes_on_after_a_failure_and_says_so(monkeypatch, capfd):
    check = load_script("test", monkeypatch)
    bad, good = (sys.executable, "-c", "raise SystemExit(3)"), (sys.executable, "-c", "print('still run')")
    monkeypatch.setattr(check, "prepare", lambda *_extras: Path(sys.executable))
    monkeypatch.setattr(check, "checks", lambda _python, _arguments: (("Types", list(bad)), ("Tests", list(good))))
    assert check.main([]) == 1
    said = capfd.readouterr().out
    assert "still run" in said
    assert "FAILED (exit 3)" in said


def test_a_display_counts_only_when_it_answers(monkeypatch, tmp_path):
    environment = load_script("environment", monkeypatch)
    monkeypatch.setattr(environment.sys, "platform", "linux")
    monkeypatch.setattr(environment, "WINDOWS", False)
    monkeypatch.delenv("WAYLAND_DISPLAY", raising=False)
    monkeypatch.delenv("DISPLAY", raising=False)
    assert not environment.has_display()
    monkeypatch.setenv("DISPLAY", ":4071")
    assert not environment.has_display()
    monkeypatch.setenv("DISPLAY", "desk.example:0")
    assert environment.has_display()
    monkeypatch.setenv("DISPLAY", "")
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(tmp_path))
    monkeypatch.setenv("WAYLAND_DISPLAY", "wayland-0")
    assert not environment.has_display()
    (tmp_path / "wayland-0").touch()
    assert environment.has_display()


def test_the_architecture_page_names_every_folder_and_every_module_of_the_layers():
    page = (ROOT / "dataimp_gui" / "ARCHITECTURE.md").read_text("utf-8")
    package = ROOT / "dataimp_gui"
    folders = {path.parent for path in package.rglob("*.py")} - {package}
    named = {f"{path.name}/" for path in folders if path.parent in (package, package / "core", package / "ui")}
    for layer in (package, package / "core", package / "ui"):
        named |= {path.name for path in layer.glob("*.py") if path.name != "__init__.py"}
    assert not [name for name in named if name not in page]
