"""Commands that bring data in."""

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Final

import click
from click.decorators import FC

from dataimp_gui.cli.output import emit, example, json_option, not_empty, progress, project_argument, scheduler_option
from dataimp_gui.errors import DataimpError

if TYPE_CHECKING:
    from dataimp_gui.core.importing import ImportSummary, RunSummary
    from dataimp_gui.core.model import Role

_ROLES: Final = ("id", "media", "text", "label", "split", "group")


def _role_options(command: FC) -> FC:
    for role in reversed(_ROLES):
        command = click.option(f"--{role}", metavar="COL", help=f"The column that holds the {role}.")(command)
    return command


@click.command("import", epilog=example("dataimp import photos/ photos.dataimp --predictions run1.csv"))
@click.argument("source", callback=not_empty)
@click.argument("project", type=click.Path(path_type=str), callback=not_empty)
@click.option("--predictions", multiple=True, metavar="FILE", help="A run to add; can be given several times.")
@click.option("--modality", type=click.Choice(["image", "audio", "text", "table"]), help="If the guess is wrong.")
@_role_options
@click.option("--media-root", type=click.Path(path_type=Path), metavar="DIR", help="Where media paths start from.")
@click.option("--classes", type=click.Path(path_type=Path), metavar="FILE", help="The allowed labels, one a line.")
@click.option("--copy-media", is_flag=True, help="Keep a copy of every media file inside the project.")
@click.option(
    "--on-bad", type=click.Choice(["quarantine", "stop"]), default="quarantine", help="What to do with broken rows."
)
@scheduler_option
@json_option
def import_(
    source: str,
    project: str,
    predictions: tuple[str, ...],
    modality: str | None,
    media_root: Path | None,
    classes: Path | None,
    copy_media: bool,
    on_bad: str,
    as_json: bool,
    **columns: str | None,
) -> None:
    """Make a project from a dataset: class folders, CSV, TSV, JSONL, Parquet, Arrow, Hugging Face, Label Studio.

    Columns are guessed and can be given. Broken rows go to the quarantine with a reason; the rest comes in.
    """
    from dataimp_gui.core.importing import ImportOptions, import_dataset
    from dataimp_gui.core.model import Modality

    options = ImportOptions(
        modality=Modality(modality) if modality else None,
        roles=_roles(columns),
        media_root=media_root,
        classes=_read_classes(classes) if classes else None,
        copy_media=copy_media,
        stop_on_bad=on_bad == "stop",
        predictions=tuple(Path(file) for file in predictions),
    )
    summary = import_dataset(source, Path(project), options, progress())
    emit(as_json, summary.to_json(), lambda: _told(summary, project))


@click.command("add-run", epilog=example("dataimp add-run photos.dataimp run2.csv --name resnet --version 2"))
@project_argument
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--name", default="", help="What to call the run; the file's name if not given.")
@click.option("--version", default="", help="The model's version.")
@json_option
def add_run(project: str, file: Path, name: str, version: str, as_json: bool) -> None:
    """Add a model's predictions: CSV, Parquet, JSONL with ids, or .npy/.npz in row order."""
    import dataimp_gui

    with dataimp_gui.open(project) as opened:
        summary = opened.add_run(file, name, version, progress())
    emit(as_json, summary.to_json(), lambda: _added(summary))


@click.command(epilog=example("dataimp baseline photos.dataimp"))
@project_argument
@json_option
def baseline(project: str, as_json: bool) -> None:
    """Add the predictions of a plain model that is trained here, for a dataset without any.

    No example is judged by a model that learned from it. Embeds the examples first where they are not.
    """
    import dataimp_gui
    from dataimp_gui.core.evaluate.baseline import add

    with dataimp_gui.open(project) as opened:
        summary = add(opened, progress())
    emit(as_json, summary.to_json(), lambda: _added(summary))


@click.command(epilog=example("dataimp locate photos.dataimp /media/disk/photos"))
@project_argument
@click.argument("folder", type=click.Path(path_type=Path))
@json_option
def locate(project: str, folder: Path, as_json: bool) -> None:
    """Say where the media files are now, after their folder was moved or renamed.

    Some of the files are looked for there and must be as large as they were at import. Edits stay as they are.
    """
    import dataimp_gui

    with dataimp_gui.open(project) as opened:
        found = opened.locate(folder, progress())
    emit(
        as_json,
        {"folder": str(found.folder), "missing": found.missing},
        lambda: [
            f"The media are in {found.folder}"
            + (f"; {found.missing:,} are still missing." if found.missing else "; all of them are there.")
        ],
    )


def _roles(columns: Mapping[str, str | None]) -> "dict[str, Role]":
    from dataimp_gui.core.model import Role

    roles: dict[str, Role] = {}
    for role, column in columns.items():
        if column and column in roles:
            raise DataimpError(f'The column "{column}" was given as {roles[column].value} and as {role}.')
        if column:
            roles[column] = Role(role)
    return roles


def _read_classes(file: Path) -> tuple[str, ...]:
    if not file.is_file():
        raise DataimpError(f"There is no file {file} with the classes.", hint="Give a text file with one class a line.")
    try:
        lines = file.read_text("utf-8-sig").split("\n")
    except UnicodeDecodeError as error:
        raise DataimpError(f"{file} is not UTF-8 text.", hint="Save the class list as UTF-8.") from error
    found = tuple(dict.fromkeys(line.rstrip("\r") for line in lines if line.strip()))
    if not found:
        raise DataimpError(f"{file} lists no classes.", hint="Write one class a line.")
    return found


def _added(summary: "RunSummary") -> list[str]:
    aside = f", {_aside(summary.quarantined)} in quarantine" if summary.quarantined else ""
    return [f"Added the run {summary.name}: {summary.covered:,} examples have a prediction{aside}."]


def _aside(rows: int) -> str:
    return "1 row is" if rows == 1 else f"{rows:,} rows are"


def _told(summary: "ImportSummary", project: str) -> list[str]:
    lines = [f"Imported {summary.examples:,} examples into {project} in {summary.seconds:.1f} s."]
    roles = {role: column for column, role in summary.roles.items() if role not in ("metadata", "skip")}
    said = ", ".join(f"{role} from {column!r}" for role, column in roles.items())
    lines.append(
        f"Taken: {said or 'nothing'}." + ("" if "label" in roles else " Nothing is the label; --label names it.")
    )
    if summary.quarantined:
        lines.append(f"{_aside(summary.quarantined)} in quarantine; see: dataimp quarantine {project}")
        lines += [f"  {count:,}  {reason}" for reason, count in summary.by_reason.items()]
    return lines + list(summary.notes)


COMMANDS: Final = {"import": import_, "add-run": add_run, "baseline": baseline, "locate": locate}
