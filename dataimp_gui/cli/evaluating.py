"""Commands that judge versions and move the one in production: evaluate, gates, promote, rollback, restore."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Final

import click

from dataimp_gui.cli.output import columns, emit, example, json_option, progress, project_argument

if TYPE_CHECKING:
    from dataimp_gui.core.evaluate.gates import Gates
    from dataimp_gui.core.evaluate.judgement import Compared, Evaluation


@click.command(epilog=example("dataimp evaluate demo.dataimp v2 --against v1"))
@project_argument
@click.argument("version", required=False, default="")
@click.option("--against", default="", help="The version to compare it with; its parent by default.")
@click.option(
    "--trainer",
    default="",
    metavar="CMD",
    help="A command such as 'python train.py --data {dataset} --out {predictions}', run without a shell; "
    "'runs' compares predictions that add-run --version brought. The built-in trainer by default.",
)
@click.option("--seeds", default=3, show_default=True, type=click.IntRange(1, 20), help="How often each is trained.")
@click.option(
    "--limit",
    default=360.0,
    show_default=True,
    type=click.FloatRange(min=0, min_open=True),
    metavar="MINUTES",
    help="A command that runs longer is ended.",
)
@json_option
def evaluate(project: str, version: str, against: str, trainer: str, seeds: int, limit: float, as_json: bool) -> int:
    """Train on a version and on an earlier one, judge both on the same examples; exit 1 when a gate fails."""
    import dataimp_gui
    from dataimp_gui.errors import DataimpError

    with dataimp_gui.open(project) as opened:
        known = opened.versions()
        if not version and not known:
            raise DataimpError("There is no version yet.", hint="Make one with: dataimp commit PROJECT -m TEXT")
        found = opened.evaluation.run(
            version or known[0].name, against, trainer, seeds=seeds, limit_s=60 * limit, progress=progress()
        )
    answer = {
        "version": found.version,
        "against": found.against,
        "seeds": found.seeds,
        "overall": _figures(found.overall),
        "slices": [_figures(line) for line in found.slices],
        "gates": [
            {"gate": gate.gate, "passed": gate.passed, "result": gate.result, "reason": gate.reason, "ids": gate.ids}
            for gate in found.gates
        ],
        "notes": found.notes,
        "passed": found.passed,
    }
    emit(as_json, answer, lambda: _told(found))
    return 0 if found.passed else 1


@click.command(epilog=example("dataimp gates demo.dataimp --overall 0 --slice 'dark boots' 0.03 --balance 10"))
@project_argument
@click.option("--overall", type=float, help="The least change of the accuracy: 0 is no drop, -0.01 one point.")
@click.option("--slices", type=float, help="The same for every saved slice.")
@click.option("--slice", "least", type=(str, float), multiple=True, metavar="NAME CHANGE", help="For one slice.")
@click.option("--classes", type=float, help="The same for every class.")
@click.option("--cost", type=float, help="The most that a prediction may cost more.")
@click.option("--calibration", type=float, help="The most that the calibration error may rise: 0.01 is one point.")
@click.option("--balance", type=float, help="How many times as large as the smallest class the largest may be.")
@click.option("--leak/--no-leak", default=None, help="No copies of evaluation examples among the training examples.")
@click.option("--own/--no-own", default=None, help="No made examples in the evaluation.")
@click.option("--contract/--no-contract", default=None, help="Every example has a label of the contract.")
@click.option("--reviewed/--no-reviewed", default=None, help="Every relabelled example was reviewed.")
@click.option("--off", multiple=True, help="Switch off a gate with a number, e.g. cost.")
@click.option("--why", default="", help="The reason, for the history.")
@json_option
def gates(project: str, why: str, off: tuple[str, ...], as_json: bool, **given: object) -> None:
    """Show what a version must meet to be promoted, or change it."""
    import msgspec

    import dataimp_gui
    from dataimp_gui.errors import DataimpError

    numbers = ("overall", "slices", "classes", "cost", "calibration", "balance")
    unknown = [name for name in off if name not in numbers]
    if unknown:
        raise DataimpError(f'There is no gate "{unknown[0]}" with a number.', hint=f"There are: {', '.join(numbers)}.")
    least = dict(given.pop("least") or ())  # type: ignore[call-overload]
    changes = {**{name: value for name, value in given.items() if value is not None}, **dict.fromkeys(off)}
    asks = not changes and not least
    with dataimp_gui.open(project, read_only=asks) as opened:
        now = opened.evaluation.gates()
        if not asks:
            now = msgspec.structs.replace(now, **changes, least={**now.least, **least})
            opened.evaluation.set_gates(now, why=why)
    emit(as_json, msgspec.structs.asdict(now), lambda: columns(_limits(now), ("gate", "limit")))


@click.command(epilog=example("dataimp promote demo.dataimp v2"))
@project_argument
@click.argument("version")
@click.option("--why", default="", help="A reason; needed when a gate fails, and kept.")
@json_option
def promote(project: str, version: str, why: str, as_json: bool) -> None:
    """Put a version into production, when its gates pass or with a reason."""
    import dataimp_gui

    with dataimp_gui.open(project) as opened:
        move = opened.evaluation.promote(version, why)
    failed = f", {move.in_spite}" if move.in_spite else ""
    answer = {"production": move.version, "at": move.at, "author": move.author, "reason": why, "failed": move.failed}
    emit(as_json, answer, lambda: [f"{move.version} is in production{failed}."])


@click.command(epilog=example("dataimp rollback demo.dataimp --why 'worse on phones'"))
@project_argument
@click.option("--why", default="", help="The reason, kept.")
@json_option
def rollback(project: str, why: str, as_json: bool) -> None:
    """Put what was in production before back there."""
    import dataimp_gui

    with dataimp_gui.open(project) as opened:
        move = opened.evaluation.rollback(why)
    answer = {"production": move.version, "at": move.at, "author": move.author, "reason": why}
    emit(as_json, answer, lambda: [f"{move.version} is in production again."])


@click.command(epilog=example("dataimp restore demo.dataimp v1"))
@project_argument
@click.argument("version")
@click.option("--why", default="", help="The reason, for the history.")
@json_option
def restore(project: str, version: str, why: str, as_json: bool) -> None:
    """Make the dataset as it stands what a version was; undo takes it back."""
    import dataimp_gui

    with dataimp_gui.open(project) as opened:
        edit = opened.restore(version, why=why)
        base = opened.base
    answer = {"edit": edit.number if edit else None, "base": base}
    emit(as_json, answer, lambda: [f"The draft is {base} again." if edit else f"The draft is {base} already."])


@click.command(epilog=example("dataimp gc demo.dataimp --remove"))
@project_argument
@click.option("--remove", is_flag=True, help="Take them away; without it they are only told.")
@json_option
def gc(project: str, remove: bool, as_json: bool) -> None:
    """Files of the project that no example, run or version refers to any more."""
    import dataimp_gui

    with dataimp_gui.open(project, read_only=not remove) as opened:
        found = opened.gc(remove=remove, progress=progress())
    what = f"{found.objects:,} contents and {found.others:,} tables, {found.bytes:,} bytes"
    told = f"Removed {what}." if remove else f"Nothing refers to {what}. Take them away with --remove."
    emit(as_json, found.to_json(), lambda: [*found.files, told if found.count else "Everything is needed."])


def _limits(gates: "Gates") -> list[list[str]]:
    """A row for each gate: what it allows, or that it is off."""
    from dataimp_gui.core.evaluate.gates import rule, rule_of_calibration, rule_of_cost

    def said(limit: float | None, words: Callable[[float], str]) -> str:
        return "off" if limit is None else words(limit)

    return [
        ["overall", said(gates.overall, rule)],
        ["slices", said(gates.slices, rule)],
        *([f"slice {name}", rule(limit)] for name, limit in gates.least.items()),
        ["classes", said(gates.classes, rule)],
        ["cost", said(gates.cost, rule_of_cost)],
        ["calibration", said(gates.calibration, rule_of_calibration)],
        ["balance", said(gates.balance, lambda most: f"at most {most:g} times the smallest class")],
        *([name, "on" if getattr(gates, name) else "off"] for name in ("leak", "own", "contract", "reviewed")),
    ]


def _figures(line: "Compared") -> dict[str, object]:
    return {
        "name": line.name,
        "kind": line.kind,
        "where": line.where,
        "n": line.n,
        "before": line.before,
        "after": line.after,
        "difference": line.change,
        "ci": list(line.ci) if line.ci else None,
        "p": line.p,
        "p_adjusted": line.p_adjusted,
    }


def _told(found: "Evaluation") -> list[str]:
    head = ("subset", "n", found.against, found.version, "change", "95 % interval")
    rows = [_row(line) for line in (found.overall, *found.slices)]
    gates = [[gate.gate, gate.result, gate.reason] for gate in found.gates]
    verdict = f"fails: {', '.join(found.failed)}" if found.failed else "passes its gates"
    unsure = sum(gate.result == "unsure" for gate in found.gates)
    if unsure:
        verdict += f"; {unsure} of {len(found.gates)} {'is' if unsure == 1 else 'are'} unsure"
    return [
        *columns(rows, head),
        "",
        *(columns(gates, ("gate", "result", "reason")) if gates else []),
        *found.notes,
        f"{found.version} {verdict}.",
    ]


def _row(line: "Compared") -> list[object]:
    if line.before is None or line.after is None or line.change is None:
        return [line.name, line.n, "-", "-", "-", "-"]
    if line.kind == "cost":
        ends = f"{line.ci[0]:+.3f} to {line.ci[1]:+.3f}" if line.ci else "-"
        return [line.name, line.n, f"{line.before:.3f}", f"{line.after:.3f}", f"{line.change:+.3f}", ends]
    ends = f"{100 * line.ci[0]:+.1f} to {100 * line.ci[1]:+.1f}" if line.ci else "-"
    shares = (f"{100 * each:.1f} %" for each in (line.before, line.after))
    return [line.name, line.n, *shares, f"{100 * line.change:+.1f}", ends]


COMMANDS: Final = {
    "evaluate": evaluate,
    "gates": gates,
    "promote": promote,
    "rollback": rollback,
    "restore": restore,
    "gc": gc,
}
