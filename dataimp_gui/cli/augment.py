"""The command about augmentation: whether a policy brings examples nearer to what a model will face, and its variants
as a part of the dataset."""

from typing import TYPE_CHECKING, Any, Final

import click

from dataimp_gui.cli.output import (
    columns,
    emit,
    example,
    json_option,
    not_empty,
    one_line,
    progress,
    project_argument,
    scheduler_option,
)
from dataimp_gui.errors import DataimpError

if TYPE_CHECKING:
    from dataimp_gui.core.augment.policy import Policy
    from dataimp_gui.core.augment.realism.closing import Closed
    from dataimp_gui.core.augmenting.measuring import Measured
    from dataimp_gui.core.augmenting.trying import Tried
    from dataimp_gui.core.project import Project

_HEADING: Final = ("step", "closes alone", "95 % interval", "added", "95 % interval", "labels kept", "verdict")
_NAMED: Final = 3


def _in_a_folder(_context: click.Context, _parameter: click.Parameter, value: str) -> str:
    """Before the work is done, not after it."""
    from pathlib import Path

    if not Path(value).parent.is_dir():
        raise click.BadParameter(f"there is no folder {Path(value).parent}.")
    return value


@click.command(epilog=example("dataimp augment demo.dataimp --policy dim.json --target \"split = 'test'\""))
@project_argument
@click.option(
    "--policy",
    required=True,
    metavar="FILE",
    callback=not_empty,
    help="A JSON file, or the name of one that was saved or ships.",
)
@click.option("--where", "-w", default="", metavar="WHERE", help="Which examples; the training split if not given.")
@click.option("--target", default="", metavar="WHERE", help="What the model will face; the test split if not given.")
@click.option("--measure", is_flag=True, help="What is done when nothing else is asked for.")
@click.option("--try", "tries", is_flag=True, help="Also train a simple model with and without the policy.")
@click.option("--slice", "slice_", default="", metavar="WHERE", help="With --try: a part of the target to tell apart.")
@click.option("--promise", "promises", is_flag=True, help="Also a number to order policies by, without target labels.")
@click.option("--fit", is_flag=True, help="Set its ranges from the target, and measure the policy with them.")
@click.option(
    "--save", default="", metavar="FILE", callback=_in_a_folder, help="With --fit: where the fitted policy goes."
)
@click.option("--write", type=click.IntRange(min=1), metavar="N", help="Add N variants of each to the dataset instead.")
@click.option("--why", "--reason", default="", metavar="TEXT", help="With --write: the reason, kept in the history.")
@scheduler_option
@json_option
def augment(
    project: str,
    policy: str,
    where: str,
    target: str,
    measure: bool,
    tries: bool,
    slice_: str,
    promises: bool,
    fit: bool,
    save: str,
    write: int | None,
    why: str,
    as_json: bool,
) -> None:
    """Measure a policy: how much of the gap to the target it closes, whether labels are kept, which step is to blame.

    Nothing is changed: the variants are made in memory. With --write they are kept instead, in one edit: the training
    examples alone get some, those of the splits that a model is judged on are refused.
    """
    if write and (measure or tries or target or slice_ or promises or fit):
        raise click.UsageError(
            "Measure first, then give --write without --measure, --try, --promise, --fit, --target and --slice."
        )
    if slice_ and not tries:
        raise click.UsageError("--slice is a part of the target to try the policy on: give it with --try.")
    if save and not fit:
        raise click.UsageError("--save is the place of a fitted policy: give it with --fit.")
    if why and not write:
        raise click.UsageError("--why is the reason of an edit: give it with --write.")
    import dataimp_gui
    from dataimp_gui.core.augment.policy import save as save_policy

    if write:
        with dataimp_gui.open(project) as opened:
            loaded = _policy(opened, policy)
            made = opened.augment.write(loaded, where, write, why=why, progress=progress())
        nothing: dict[str, Any] = {"realism": None, "label_preserved": None, "steps": []}
        emit(as_json, {**nothing, **made.to_json()}, lambda: [f"{made.edit.title}.", *made.notes])
        return
    with dataimp_gui.open(project, read_only=True) as opened:
        loaded = _policy(opened, policy)
        fitted = opened.augment.fit(loaded, where, target, progress()) if fit else None
        if fitted:
            loaded = fitted.policy
            if save:
                save_policy(loaded, save)
        found = opened.augment.measure(loaded, where, target, progress())
        tried = opened.augment.try_it(loaded, where, target, progress(), slice_=slice_) if tries else None
        promise = opened.augment.promise(loaded, where, target, progress()) if promises else None
    answer: dict[str, Any] = {**found.to_json(), "written": 0}
    if fitted:
        answer["fitted"] = fitted.to_json()
    if tried:
        answer["tried"] = tried.to_json()
    said, last = [fitted.said] if fitted else [], []
    if promise is not None:
        answer["promise"] = promise.value
        if promise.value is None:
            answer["promise_reason"] = promise.reason
            last = ["", f"No promise. {promise.reason} Ask --try."]
        else:
            last = [
                "",
                f"Promise {promise.value:.3f}: of several policies for this target, try the one with most first.",
            ]
    emit(as_json, answer, lambda: [*said, *_lines(found), *(_tried(tried, slice_) if tried else []), *last])


def _policy(opened: "Project", given: str) -> "Policy":
    """A file, of albumentations too, wins over a policy of that name, a saved one over one that ships."""
    from pathlib import Path

    from dataimp_gui.core.augment.files import read
    from dataimp_gui.core.augment.policy import checked
    from dataimp_gui.core.augment.starters import starters

    named = {each.name: each for each in (*starters(opened.modality), *opened.augment.saved())}
    if given in named and not Path(given).exists():
        return checked(named[given])
    if not Path(given).exists() and not given.endswith(".json"):
        known = ", ".join(f'"{name}"' for name in named)
        raise DataimpError(
            f'There is no file and no policy "{given}".', hint=f"Those with a name: {known}." if known else ""
        )
    found, left_out = read(Path(given), opened.modality)
    for said in left_out:
        click.echo(f"dataimp: {one_line(said)}", err=True)
    return found


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
            _share(each.added.share) if has_gap and each.added else "",
            _range(each.added) if has_gap and each.added else "",
            "" if each.kept.share is None else _share(each.kept.share),
            each.verdict.value,
        ]
        for each in found.steps
    ]
    seen = [f"{each.title}: {each.sentence}" for each in found.angles]
    return [*head, *seen, *_labels(found), *(columns(rows, _HEADING) if rows else [])]


def _labels(found: "Measured") -> list[str]:
    if found.kept.share is None or found.kept.interval is None:
        return ["Labels kept: no model could tell the labels of the originals."]
    low, high = found.kept.interval
    least = sorted(found.kept_by_class.items(), key=lambda each: each[1])[:_NAMED]
    named = ", ".join(f"{label} {_share(share)}" for label, share in least if share < 1)
    said = f"Labels kept: {_share(found.kept.share)}, {_share(low)} to {_share(high)}"
    return [f"{said}; least often of {named}" if named else said]


def _tried(tried: "Tried", slice_: str) -> list[str]:
    rows = [
        [
            name,
            part.n,
            f"{100 * part.without:.1f} %",
            f"{100 * part.with_variants:.1f} %",
            f"{100 * part.difference:+.1f}",
            f"{100 * part.interval[0]:+.1f} to {100 * part.interval[1]:+.1f}",
        ]
        for name, part in (("target", tried.overall), ("slice", tried.slice_), ("rest", tried.rest))
        if part
    ]
    head = f"A simple model that learned from {tried.learned:,}, {tried.seeds} times:"
    told = [f"The slice holds all of the target or nothing of it: {slice_}"] if slice_ and not tried.slice_ else []
    return ["", head, *columns(rows, ("accuracy on", "n", "without", "with", "difference", "95 % interval")), *told]


def _range(closed: "Closed") -> str:
    return f"{_share(closed.interval[0])} to {_share(closed.interval[1])}"


def _share(value: float) -> str:
    return f"{100 * value:.0f} %"


COMMANDS: Final = {"augment": augment}
