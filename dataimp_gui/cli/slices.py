"""Commands about slices: where a run fails, what confusions cost."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Final

import click

from dataimp_gui.cli.analysis import open_to_keep
from dataimp_gui.cli.output import columns, emit, example, json_option, progress, project_argument, where_option

if TYPE_CHECKING:
    from dataimp_gui.core.model import EditInfo
    from dataimp_gui.core.project import Project
    from dataimp_gui.core.slices.slice import Measured

_HEADING: Final = ("slice", "n", "errors", "error", "95 % interval", "lift", "of all errors", "headroom", "status")
_LONGEST: Final = 60


@click.command(epilog=example("dataimp slices demo.dataimp --find --top 10"))
@project_argument
@click.option("--find", "search", is_flag=True, help="Search for slices; without it, the last search is shown.")
@click.option("--top", type=click.IntRange(min=0), default=20, show_default=True, metavar="K", help="0 is all.")
@click.option("--min-size", type=click.IntRange(min=0), default=0, metavar="N", help="The smallest slice to look for.")
@click.option("--conditions", type=click.IntRange(1, 5), default=2, show_default=True, help="Of a rule, at most.")
@where_option
@click.option("--run", default="", help="Which run; the newest if not given.")
@json_option
def slices(
    project: str, search: bool, top: int, min_size: int, conditions: int, where: str, run: str, as_json: bool
) -> None:
    """Where a run fails more often than elsewhere: slices that were found, best first, then the saved ones.

    A search looks at one half of the examples; whether a slice is confirmed is said by the other half.
    """
    from dataimp_gui.core.slices.search import Search

    with open_to_keep(project) as opened:
        if run:
            opened.use_run(run)
        if search:
            opened.slices.find(Search(min_size=min_size, conditions=conditions), where, progress=progress())
        found, other = opened.slices.found, ""
        if found and (found.where != where or found.run != (opened.run.name if opened.run else "")):
            found, other = None, "The last search was of other examples or another run; search again with --find."
        stale = opened.slices.stale
        saved = opened.slices.measure(opened.slices.saved(), where) if opened.slices.saved() else ()
        listed = [*(found.slices if found else ()), *saved]
        listed = listed[: top or len(listed)]
        answer = {"slices": [each.to_json(_ids(opened, each)) for each in listed]}
        overall = opened.slices.overall(where)
    notes = found.notes if search and found else ()
    for note in filter(None, (*notes, other or (stale and f"{stale} Search again with --find."))):
        click.echo(f"dataimp: {note}", err=True)

    def lines() -> list[str]:
        if not listed:
            return ["No slice was saved or found." if found or other else "Nobody searched yet; give --find."]
        tried = f", {found.tried:,} candidates tried" if found else ""
        head = f"{overall.errors:,} errors in {overall.n:,}{tried}"
        return [head, *columns([_row(each) for each in listed], _HEADING)]

    emit(as_json, answer, lines)


def _ids(project: "Project", measured: "Measured") -> list[str] | None:
    return None if measured.slice.where else project.ids(project.slices.rows(measured.slice))


def _row(each: "Measured") -> list[object]:
    name = each.slice.name
    low, high = each.ci or (None, None)
    said = "saved" if each.slice.source.value == "saved" else each.status.value
    return [
        name if len(name) <= _LONGEST else name[: _LONGEST - 1] + "…",
        each.n,
        each.errors,
        _percent(each.error_rate),
        f"{_percent(low)} – {_percent(high)}" if each.ci else "",
        f"{each.lift:.1f}" if each.lift is not None else "",
        _percent(each.share_of_errors),
        _percent(each.headroom),
        said if each.n or not each.reason else each.reason,
    ]


def _percent(value: float | None) -> str:
    return "" if value is None else f"{value:.1%}"


@click.group("slice", epilog=example("dataimp slice save demo.dataimp 'dark coats' --where \"label = 'Coat'\""))
def slice_() -> None:
    """Save, rename or remove a slice; each is an edit that can be undone."""


_why = click.option("--why", default="", help="The reason, kept in the history.")
_name = click.argument("name")


@slice_.command(epilog=example("dataimp slice save demo.dataimp 'dark coats' --where \"label = 'Coat'\""))
@project_argument
@_name
@click.option("--where", "-w", default="", metavar="WHERE", help="Its rule.")
@click.option("--id", "ids", multiple=True, metavar="ID", help="A fixed example instead; it may come more than once.")
@_why
@json_option
def save(project: str, name: str, where: str, ids: Sequence[str], why: str, as_json: bool) -> None:
    """Give a rule, or fixed examples, a name."""
    import numpy as np

    import dataimp_gui

    if bool(where.strip()) == bool(ids):
        raise click.UsageError("Give either --where or --id.")
    with dataimp_gui.open(project) as opened:
        rows = np.array([opened.row(each) for each in ids], dtype=np.int64) if ids else None
        saved = opened.slices.save(name, where, rows, why=why)
        count = len(opened.slices.rows(saved))
    answer = {"name": saved.name, "where": saved.where or None, "count": count}
    emit(as_json, answer, lambda: [f'Saved the slice "{saved.name}": {count:,} examples'])


@slice_.command(epilog=example("dataimp slice rename demo.dataimp 'dark coats' 'black coats'"))
@project_argument
@_name
@click.argument("to")
@json_option
def rename(project: str, name: str, to: str, as_json: bool) -> None:
    """Give a slice another name."""
    import dataimp_gui

    with dataimp_gui.open(project) as opened:
        renamed = opened.slices.rename(name, to)
    emit(as_json, {"name": renamed.name}, lambda: [f'Renamed the slice "{name}" to "{renamed.name}"'])


@slice_.command(epilog=example("dataimp slice remove demo.dataimp 'dark coats'"))
@project_argument
@_name
@json_option
def remove(project: str, name: str, as_json: bool) -> None:
    """Forget a slice; its examples stay as they are."""
    import dataimp_gui

    with dataimp_gui.open(project) as opened:
        opened.slices.remove(name)
    emit(as_json, {"removed": name}, lambda: [f'Removed the slice "{name}"'])


@click.command(epilog=example("dataimp cost demo.dataimp --label pharma --predicted ham --cost 5"))
@project_argument
@click.option("--label", default="", help="What it is.")
@click.option("--predicted", default="", help="What it is taken for.")
@click.option("--cost", "price", type=float, help="What that costs; an error costs 1 where nothing else is said.")
@click.option("--clear", is_flag=True, help="Forget all costs.")
@_why
@json_option
def cost(project: str, label: str, predicted: str, price: float | None, clear: bool, why: str, as_json: bool) -> None:
    """What confusions cost; without an option, list it. Metrics and slices are weighed by it."""
    import dataimp_gui

    sets = bool(label or predicted or price is not None)
    if sets and (clear or not label or not predicted or price is None):
        raise click.UsageError("Give --label, --predicted and --cost together, or --clear alone.")
    with dataimp_gui.open(project, read_only=not (sets or clear)) as opened:
        edit: EditInfo | None = None
        if sets or clear:
            costs: dict[str, dict[str, float]] = {} if clear else {k: dict(v) for k, v in opened.contract.costs.items()}
            if sets and price is not None:
                costs.setdefault(label, {})[predicted] = price
            edit = opened.set_costs(costs, why=why)
        known = opened.contract.costs
    listed = [{"label": a, "predicted": b, "cost": value} for a, row in known.items() for b, value in row.items()]
    answer: dict[str, Any] = {"costs": listed, "edit": edit.number if edit else None}

    def lines() -> list[str]:
        if not listed:
            return ["Every error costs 1."]
        rows = [[each["label"], each["predicted"], each["cost"]] for each in listed]
        return [*columns(rows, ("label", "predicted", "cost")), "Every other error costs 1."]

    emit(as_json, answer, lines)


COMMANDS: Final = {"slices": slices, "slice": slice_, "cost": cost}
