"""Commands about the augmentation policies that a project keeps; each change is an edit that can be undone."""

from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import click

from dataimp_gui.cli.output import columns, emit, example, json_option, project_argument

if TYPE_CHECKING:
    from dataimp_gui.core.augment.files import Kind

_name = click.argument("name")
_file = click.argument("file", type=click.Path(path_type=Path))


@click.group(epilog=example("dataimp policy save demo.dataimp dim.json"))
def policy() -> None:
    """Keep a policy in the project, so that versions hold it; list, export or remove it."""


@policy.command("list", epilog=example("dataimp policy list demo.dataimp"))
@project_argument
@json_option
def list_(project: str, as_json: bool) -> None:
    """What the project keeps."""
    import dataimp_gui
    from dataimp_gui.core.augment.policy import content_id

    with dataimp_gui.open(project, read_only=True) as opened:
        found = opened.augment.saved()
    listed: list[dict[str, Any]] = [
        {"name": each.name, "id": content_id(each), "seed": each.seed, "steps": [step.op for step in each.steps]}
        for each in found
    ]
    rows = [[each["name"], ", ".join(each["steps"]), each["seed"], each["id"][:8]] for each in listed]

    def lines() -> list[str]:
        return columns(rows, ("policy", "steps", "seed", "id")) if rows else ["The project keeps no policy."]

    emit(as_json, {"policies": listed}, lines)


@policy.command(epilog=example("dataimp policy save demo.dataimp dim.json"))
@project_argument
@_file
@json_option
def save(project: str, file: Path, as_json: bool) -> None:
    """Keep a policy file of Dataimp or of albumentations, in the place of the one of its name."""
    import dataimp_gui
    from dataimp_gui.core.augment.files import read

    with dataimp_gui.open(project) as opened:
        found, left_out = read(file, opened.modality)
        edit = opened.augment.save(found)
    said = f'Saved the policy "{found.name}"' if edit else f'The project keeps the policy "{found.name}" already'
    answer = {"name": found.name, "edit": edit.number if edit else None, "left_out": left_out}
    emit(as_json, answer, lambda: [said, *left_out])


@policy.command(epilog=example("dataimp policy export demo.dataimp 'Dim shop light' dim.py --to python"))
@project_argument
@_name
@_file
@click.option(
    "--to", type=click.Choice(["dataimp", "albumentations", "python"]), default="dataimp", help="For which code."
)
@json_option
def export(project: str, name: str, file: Path, to: "Kind", as_json: bool) -> None:
    """Write a policy to a file that training code loads."""
    import dataimp_gui
    from dataimp_gui.core.augment.files import write

    with dataimp_gui.open(project, read_only=True) as opened:
        said = write(opened.augment.policy(name), file, to)
    emit(as_json, {"file": str(file), "differs": said}, lambda: [f'Exported the policy "{name}" to {file}', *said])


@policy.command(epilog=example("dataimp policy remove demo.dataimp 'Dim shop light'"))
@project_argument
@_name
@json_option
def remove(project: str, name: str, as_json: bool) -> None:
    """Forget a policy; variants that it made, and versions, stay as they are."""
    import dataimp_gui

    with dataimp_gui.open(project) as opened:
        opened.augment.remove(name)
    emit(as_json, {"removed": name}, lambda: [f'Removed the policy "{name}"'])


COMMANDS: Final = {"policy": policy}
