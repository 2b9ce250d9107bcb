"""The command about augmentation: whether a policy brings examples nearer to what a model will face."""

from typing import TYPE_CHECKING, Any, Final

import click

from dataimp_gui.cli.output import columns, emit, example, json_option, not_empty, progress, project_argument

if TYPE_CHECKING:
    from dataimp_gui.core.augment.realism.closing import Closed
    from dataimp_gui.core.augmenting.measuring import Measured

_HEADING: Final = ("step", "closes alone", "95 % interval", "labels kept", "verdict")


@click.command(epilog=example("dataimp augment demo.dataimp --policy dim.json --target \"split = 'test'\""))
@project_argument
@click.option("--policy", required=True, metavar="FILE", callback=not_empty, help="A policy: a JSON file.")
@click.option("--where", "-w", default="", metavar="WHERE", help="Which examples; the training split if not given.")
@click.option("--target", default="", metavar="WHERE", help="What the model will face; the test split if not given.")
@click.option("--measure", is_flag=True, help="What is done when nothing else is asked for.")
@json_option
def augment(project: str, policy: str, where: str, target: str, measure: bool, as_json: bool) -> None:  # noqa: ARG001
    """Measure a policy: how much of the gap to the target it closes, whether labels are kept, which step is to blame.

    Nothing is changed: the variants are made in memory.
    """
    import dataimp_gui
    from dataimp_gui.core.augment.policy import load

    loaded = load(policy)
    with dataimp_gui.open(project, read_only=True) as opened:
        found = opened.augment.measure(loaded, where, target, progress())
    answer: dict[str, Any] = {**found.to_json(), "written": 0}
    emit(as_json, answer, lambda: _lines(found))


def _lines(found: "Measured") -> list[str]:
    closed, has_gap = found.realism.overall, not found.realism.is_closed_already
    head = [
        found.summary,
        f"{found.n:,} examples beside {found.n_target:,} of the target: {found.target}",
        f"Distance {closed.before:.3f} before, {closed.after:.3f} after"
        + (f"; closed {_share(closed.share)} ({_range(closed)})" if has_gap else ""),
    ]
    rows = [
        [
            each.op,
            _share(each.alone.share) if has_gap else "",
            _range(each.alone) if has_gap else "",
            "" if each.kept.share is None else _share(each.kept.share),
            each.verdict.value,
        ]
        for each in found.steps
    ]
    return [*head, *(columns(rows, _HEADING) if rows else [])]


def _range(closed: "Closed") -> str:
    return f"{_share(closed.interval[0])} to {_share(closed.interval[1])}"


def _share(value: float) -> str:
    return f"{100 * value:.0f} %"


COMMANDS: Final = {"augment": augment}
