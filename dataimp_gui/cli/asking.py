"""Commands that only read: they work on a project that is open elsewhere, too."""

from dataclasses import asdict
from typing import Final

import click

from dataimp_gui.cli.output import columns, emit, example, json_option, project_argument, where_option


@click.command(epilog=example("dataimp info demo.dataimp --json"))
@project_argument
@json_option
def info(project: str, as_json: bool) -> None:
    """What is in a project: examples, classes, splits, runs, versions."""
    import dataimp_gui

    with dataimp_gui.open(project, read_only=True) as opened:
        answer = opened.info()
    counts = ("examples", "modality", "quarantined", "edits")

    def lines() -> list[str]:
        return [
            *(f"{key}: {answer[key]}" for key in counts),
            f"classes: {', '.join(answer['classes'])}",
            f"splits: {', '.join(f'{name} {count:,}' for name, count in answer['splits'].items())}",
            f"runs: {', '.join(run['name'] for run in answer['runs'])}",
            f"versions: {', '.join(answer['versions'])}",
        ]

    emit(as_json, answer, lines)


@click.command(epilog=example("dataimp quarantine demo.dataimp"))
@project_argument
@json_option
def quarantine(project: str, as_json: bool) -> None:
    """The rows that were kept aside at import, each with its reason."""
    import dataimp_gui

    with dataimp_gui.open(project, read_only=True) as opened:
        rows = opened.quarantine()

    def lines() -> list[str]:
        if not rows:
            return ["Nothing is in quarantine."]
        return [" ".join(filter(None, (f"{r.source} {r.place}:", r.id, r.reason, r.hint))) for r in rows]

    emit(as_json, {"rows": rows}, lines)


@click.command(epilog=example('dataimp query demo.dataimp "error and confidence > 0.9"'))
@project_argument
@click.argument("where")
@click.option("--run", default="", help="The run that `predicted` and `error` speak of; the newest if not given.")
@json_option
def query(project: str, where: str, run: str, as_json: bool) -> None:
    """The ids of the examples that a WHERE clause selects."""
    import dataimp_gui

    with dataimp_gui.open(project, read_only=True) as opened:
        if run:
            opened.use_run(run)
        ids = opened.ids(opened.rows(where))
    emit(as_json, {"ids": ids, "count": len(ids)}, lambda: ids)


@click.command(epilog=example("dataimp metrics demo.dataimp --where \"split = 'test'\""))
@project_argument
@where_option
@click.option("--run", default="", help="Which run; the newest if not given.")
@json_option
def metrics(project: str, where: str, run: str, as_json: bool) -> None:
    """How well a run does: accuracy with its 95 % interval, per class, confusion, calibration, cost.

    Excluded examples are left out unless the clause speaks of `excluded`.
    """
    import dataimp_gui

    with dataimp_gui.open(project, read_only=True) as opened:
        if run:
            opened.use_run(run)
        measured = opened.metrics(where)
        name = opened.run.name if opened.run else "no run"
    answer = measured.to_json()

    def lines() -> list[str]:
        scope = f"{name}, {where or 'all examples'}"
        if measured.accuracy is None:
            return [f"{scope}: no example has both a label and a prediction."]
        low, high = measured.accuracy_ci or (0.0, 1.0)
        rows = [
            [c.label, c.n, *("" if v is None else f"{v:.3f}" for v in (c.precision, c.recall, c.f1))]
            for c in measured.per_class
        ]
        return [
            f"{scope}: {measured.errors:,} errors in {measured.n:,}",
            f"accuracy {measured.accuracy:.1%} (95 % interval {low:.1%} to {high:.1%})",
            *(f"{key} {answer[key]:.3f}" for key in ("macro_f1", "ece", "cost") if answer[key] is not None),
            *columns(rows, ("label", "n", "precision", "recall", "f1")),
        ]

    emit(as_json, answer, lines)


@click.command(epilog=example("dataimp history demo.dataimp --id img-00042"))
@project_argument
@click.option("--id", "id_", default="", help="Only what happened to this example.")
@json_option
def history(project: str, id_: str, as_json: bool) -> None:
    """Every edit with who, when and why; undone ones stay in it."""
    import dataimp_gui

    with dataimp_gui.open(project, read_only=True) as opened:
        found = [asdict(line) for line in opened.history(id_)]

    def lines() -> list[str]:
        if not found:
            return ["No edits yet."]
        what = "{column}: {before} -> {after}" if id_ else "{title}"
        return [
            f"{line['number']}  {line['at'][:19]}  {line['author']}  {what.format(**line)}"
            + (f"  ({line['why']})" if line["why"] else "")
            for line in found
        ]

    emit(as_json, {"edits": found}, lines)


COMMANDS: Final = {"info": info, "quarantine": quarantine, "query": query, "metrics": metrics, "history": history}
