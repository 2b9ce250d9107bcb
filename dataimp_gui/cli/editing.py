"""Commands that change examples; each is one durable edit that can be undone."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Final

import click

from dataimp_gui.cli.output import KINDS, emit, example, json_option, project_argument
from dataimp_gui.errors import DataimpError

if TYPE_CHECKING:
    from dataimp_gui.core.model import EditInfo, Rows
    from dataimp_gui.core.project import Project

Change = Callable[["Project", "Rows", str, str], "EditInfo | None"]


def _command(name: str, does: str, sample: str, change: Change, to: str = "") -> click.Command:
    """A command that applies ``change(project, rows, to, why)`` to the examples of a clause."""

    def run(
        project: str, where: str, why: str, as_json: bool, to: str = "", new_class: bool = False, variants: bool = False
    ) -> None:
        import numpy as np

        import dataimp_gui

        _given(where)
        with dataimp_gui.open(project) as opened:
            rows = opened.rows(where)
            if variants:
                rows = np.union1d(rows, opened.augment.variants_of(rows))
            if new_class and to and to not in opened.classes:
                edit = opened.relabel(rows, to, why=why, new_class=True)
            else:
                edit = change(opened, rows, to, why)
            behind = len(opened.augment.behind(rows)) if name == "relabel" else 0
        _tell(edit, as_json)
        if behind:
            said = "1 variant of them has" if behind == 1 else f"{behind:,} variants of them have"
            click.echo(f"dataimp: {said} another label. --variants takes them along.", err=True)

    run = json_option(run)
    run = click.option("--why", default="", help="The reason, kept in the history.")(run)
    if to:
        run = click.option("--to", required=True, metavar=to, help=f"The {to.lower()}.")(run)
    if name == "relabel":
        run = click.option("--variants", is_flag=True, help="Also the variants that were made of them.")(run)
        run = click.option("--new-class", is_flag=True, help="Allow a class that the contract does not list.")(run)
    run = click.option(
        "--where", "-w", required=True, metavar="WHERE", help="Which examples; `true` means all of them."
    )(run)
    epilog = example(f"dataimp {name} demo.dataimp {_ONE}{f' --to {sample}' if sample else ''}")
    return click.command(name, help=does, epilog=epilog)(project_argument(run))


def _step(name: str, does: str, step: Callable[["Project"], "EditInfo"]) -> click.Command:
    def run(project: str, as_json: bool) -> None:
        import dataimp_gui

        with dataimp_gui.open(project) as opened:
            edit = step(opened)
        emit(as_json, {"edit": edit.number, "title": edit.title}, lambda: [edit.title])

    return click.command(name, help=does, epilog=example(f"dataimp {name} demo.dataimp"))(
        project_argument(json_option(run))
    )


def _relabel(project: "Project", rows: "Rows", to: str, why: str) -> "EditInfo | None":
    if to and to not in project.classes:
        from difflib import get_close_matches

        near = get_close_matches(to, project.classes, n=1)
        raise DataimpError(
            f'There is no class "{to}".',
            hint=(f'The nearest is "{near[0]}". ' if near else "") + "Give --new-class to add it.",
        )
    return project.relabel(rows, to, why=why)


def _tag(project: "Project", rows: "Rows", to: str, why: str) -> "EditInfo | None":
    return project.tag(rows, to, why=why)


def _untag(project: "Project", rows: "Rows", to: str, why: str) -> "EditInfo | None":
    return project.untag(rows, to, why=why)


def _exclude(project: "Project", rows: "Rows", _: str, why: str) -> "EditInfo | None":
    return project.exclude(rows, why=why)


def _include(project: "Project", rows: "Rows", _: str, why: str) -> "EditInfo | None":
    return project.include(rows, why=why)


def _set_split(project: "Project", rows: "Rows", to: str, why: str) -> "EditInfo | None":
    return project.set_split(rows, to, why=why)


def _note(project: "Project", rows: "Rows", to: str, why: str) -> "EditInfo | None":
    return project.note(rows, to, why=why)


def _review(project: "Project", rows: "Rows", _: str, why: str) -> "EditInfo | None":
    return project.review(rows, why=why)


@click.command(
    epilog=example("dataimp keep demo.dataimp --where \"id = 'img-00042'\" --kind label --why 'A coat it is.'")
)
@project_argument
@click.option("--where", "-w", required=True, metavar="WHERE", help="Which examples; `true` means all of them.")
@click.option("--kind", type=click.Choice(KINDS), help="Issues of this kind; those that are open there if not given.")
@click.option("--take-back", is_flag=True, help="They are a matter of concern after all.")
@click.option("--why", default="", help="The reason, kept in the history.")
@json_option
def keep(project: str, where: str, kind: str | None, take_back: bool, why: str, as_json: bool) -> None:
    """Say of examples that they are fine as they are: their issues are closed and do not come back."""
    import dataimp_gui
    from dataimp_gui.core.model import IssueKind

    with dataimp_gui.open(project) as opened:
        rows = opened.rows(_given(where))
        edit = opened.keep(rows, IssueKind(kind) if kind else None, on=not take_back, why=why)
    _tell(edit, as_json)


def _given(where: str) -> str:
    if not where.strip():
        raise DataimpError("The clause is empty.", hint="Write --where true to mean all examples.")
    return where


def _tell(edit: "EditInfo | None", as_json: bool) -> None:
    answer = {"edit": edit.number if edit else None, "changed": edit.count if edit else 0}
    emit(as_json, answer, lambda: [edit.title if edit else "Nothing to change."])


_ONE: Final = "--where \"id = 'img-00042'\""

COMMANDS: Final = {
    str(command.name): command
    for command in (
        _command("relabel", "Give examples another label; an empty one takes it away.", "Coat", _relabel, "LABEL"),
        _command("tag", "Put a tag on examples.", "blurred", _tag, "TAG"),
        _command("untag", "Take a tag off examples.", "blurred", _untag, "TAG"),
        _command("exclude", "Leave examples out of versions and metrics.", "", _exclude),
        _command("include", "Take excluded examples back in.", "", _include),
        _command("set-split", "Move examples to a split.", "test", _set_split, "SPLIT"),
        _command("note", "Write a note on examples; an empty one removes it.", "'ask Mira'", _note, "TEXT"),
        _command("review", "Mark examples as reviewed by a person.", "", _review),
        keep,
        _step("undo", "Take the last edit back, also one of an earlier session.", lambda project: project.undo()),
        _step("redo", "Do again what undo took back.", lambda project: project.redo()),
    )
}
