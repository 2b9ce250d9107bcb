"""Commands that find out something about examples: statistics, embeddings, similar ones, issues."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Final

import click

from dataimp_gui.cli.output import (
    KINDS,
    columns,
    emit,
    example,
    json_option,
    not_empty,
    progress,
    project_argument,
    scheduler_option,
)
from dataimp_gui.errors import DataimpError, LockedError

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    from dataimp_gui.core.model import Issue
    from dataimp_gui.core.project import Project

_file = click.Path(path_type=str, dir_okay=False, exists=True)
_SHOWN: Final = 3  # other examples of an issue that are named in a line


def open_to_keep(project: str) -> "Project":
    """For writing, so that what is found is kept; read-only, which is told, where it is open elsewhere or protected."""
    import dataimp_gui

    try:
        return dataimp_gui.open(project)
    except LockedError as error:
        click.echo(f"dataimp: {error} What is found now is not kept.", err=True)
        return dataimp_gui.open(project, read_only=True)


@click.command(epilog=example("dataimp issues demo.dataimp --kind label --top 20"))
@project_argument
@click.option("--kind", type=click.Choice(KINDS), help="Only issues of this kind.")
@click.option("--top", type=click.IntRange(min=0), default=0, metavar="K", help="Only the K worst; 0 is all.")
@click.option("--run", default="", help="The run whose probabilities count; the newest if not given.")
@click.option("--again", is_flag=True, help="Search anew, also where nothing but labels changed since.")
@json_option
def issues(project: str, kind: str | None, top: int, run: str, again: bool, as_json: bool) -> None:
    """What is probably wrong with the data, worst first: labels, duplicates, leaks, outliers, media.

    The first time, and when the run or the examples changed, the examples are measured, embedded and searched; that is
    kept in the project. What was relabelled, excluded or kept since is left out.
    """
    import numpy as np

    from dataimp_gui.core.model import IssueKind

    with open_to_keep(project) as opened:
        if run:
            opened.use_run(run)
        analysis = opened.analysis
        wanted = [IssueKind(kind)] if kind else []
        missing = set(wanted or IssueKind) - set(analysis.counts())
        if again or missing or analysis.is_stale:
            analysis.find_issues(() if again or analysis.is_stale else sorted(missing), progress())
        found = analysis.issues(wanted[0] if wanted else None, top)
        rows = np.unique(np.array([row for issue in found for row in issue.others], dtype=np.int64))
        others = dict(zip(rows.tolist(), opened.ids(rows), strict=True))
        counts, warnings, stale = analysis.counts(), analysis.warnings(*wanted), analysis.stale
    for warning in filter(None, (*warnings, stale and f"{stale} Search again with --again.")):
        click.echo(f"dataimp: {warning}", err=True)
    answer = {"issues": [_plain(issue, [others[row] for row in issue.others]) for issue in found]}

    def lines() -> list[str]:
        if not found:
            return [f"No {kind + ' ' if kind else ''}issues are open."]
        rows = [_row(issue, [others[row] for row in issue.others]) for issue in found]
        listed = ", ".join(f"{name} {count:,}" for name, count in counts.items() if not kind or name == kind)
        return [*columns(rows, ("kind", "id", "severity", "label", "suggested", "reason")), f"open: {listed}"]

    emit(as_json, answer, lines)


def _plain(issue: "Issue", others: Sequence[str]) -> dict[str, Any]:
    return {
        "kind": issue.kind,
        "id": issue.id,
        "score": round(issue.score, 6),
        "severity": round(issue.severity, 6),
        "label": issue.label,
        "suggested": issue.suggested,
        "others": others,
        "reason": issue.reason,
    }


def _row(issue: "Issue", others: Sequence[str]) -> list[object]:
    rest = f" and {len(others) - _SHOWN:,} more" if len(others) > _SHOWN else ""
    named = f" ({', '.join(others[:_SHOWN])}{rest})" if others else ""
    return [issue.kind, issue.id, f"{issue.severity:.2f}", issue.label, issue.suggested, issue.reason + named]


@click.command(epilog=example("dataimp measure demo.dataimp"))
@project_argument
@json_option
def measure(project: str, as_json: bool) -> None:
    """Measure brightness, loudness, length … of every example; they become columns that a clause can name.

    Only what is missing or changed is measured.
    """
    import numpy as np

    with open_to_keep(project) as opened:
        if not opened.analysis.statistics:
            raise DataimpError(
                "A table alone has no media to measure.", hint="Its columns can be asked for as they are."
            )
        opened.analysis.measure(progress())
        failures = opened.analysis.failures()
        failed = list(zip(opened.ids(np.array(list(failures), dtype=np.int64)), failures.values(), strict=True))
        numbers = opened.analysis.numbers()
        statistics = [(each, _range(numbers.get(each.name))) for each in opened.analysis.statistics]
    told = [{"name": each.name, "title": each.title, "unit": each.unit, **range_} for each, range_ in statistics]

    def lines() -> list[str]:
        rows = [[each.name, *map(_number, range_.values()), each.unit] for each, range_ in statistics]
        return [*columns(rows, ("statistic", "min", "mean", "max", "unit")), *_failures(failed)]

    emit(as_json, {"statistics": told, "failed": len(failed)}, lines)


def _range(values: "npt.NDArray[np.float32] | None") -> dict[str, float | None]:
    """Of the finite ones; of words there is none."""
    import numpy as np

    known = np.empty(0) if values is None else values[np.isfinite(values)].astype(np.float64)
    if not len(known):
        return {"min": None, "mean": None, "max": None}
    return {"min": float(known.min()), "mean": float(known.mean()), "max": float(known.max())}


def _number(value: float | None) -> str:
    return "" if value is None else f"{value:.4g}"


def _failures(failed: Sequence[tuple[str, str]], most: int = 5) -> list[str]:
    listed = [f"{id_}: {why}" for id_, why in failed[:most]]
    rest = [f"and {len(failed) - most:,} more"] if len(failed) > most else []
    return [f"{len(failed):,} could not be measured:", *listed, *rest] if failed else []


@click.command(epilog=example("dataimp embed demo.dataimp --onnx clip.onnx --options clip.json"))
@project_argument
@click.option("--name", default="", help="A built-in or installed embedder, or what to call your own.")
@click.option("--onnx", type=_file, callback=not_empty, help="An ONNX model of yours that makes the vectors.")
@click.option("--options", type=_file, callback=not_empty, help="JSON that says how its input is prepared.")
@click.option("--file", type=_file, callback=not_empty, help="Vectors in row order: .npy, .npz or Parquet.")
@click.option("--column", "names", multiple=True, help="A column to make the vectors of; it may come more than once.")
@click.option("--list", "only_list", is_flag=True, help="Only list what there is.")
@scheduler_option
@json_option
def embed(
    project: str,
    name: str,
    onnx: str | None,
    options: str | None,
    file: str | None,
    names: tuple[str, ...],
    only_list: bool,
    as_json: bool,
) -> None:
    """Turn every example into a vector, so that similar ones can be found; used for issues from then on.

    Without an option the built-in embedding that suits the examples. A run that was interrupted goes on where it was.
    """
    if sum(map(bool, (onnx, file, names))) > 1:
        raise click.UsageError("Give one of --onnx, --file and --column.")
    if options and not onnx:
        raise click.UsageError("--options says how the input of --onnx is prepared.")
    with open_to_keep(project) as opened:
        analysis = opened.analysis
        if only_list:
            listed = analysis.embedders
            known = {"embedders": [{"name": each, "title": title} for each, title in listed]}
            emit(as_json, known, lambda: columns(listed, ("name", "title")))
            return
        if onnx:
            made = analysis.embed_with(onnx, options or "", name, progress())
        elif file:
            made = analysis.add_embedding(file, name, progress())
        elif names:
            made = analysis.embed_columns(names, name, progress())
        else:
            made = analysis.embed(name, progress())
    count, dims = int(made.has_vector.sum()), made.vectors.shape[1]
    answer = {
        "name": made.name,
        "version": made.version,
        "vectors": count,
        "dimensions": dims,
        "without": len(made.vectors) - count,
    }
    emit(as_json, answer, lambda: [f"{made.name}: {count:,} vectors of {dims:,} numbers. {made.made_by}"])


@click.command(epilog=example("dataimp similar demo.dataimp img-00042 --top 10"))
@project_argument
@click.argument("id_", metavar="ID")
@click.option("--top", type=click.IntRange(min=1), default=24, show_default=True, metavar="K", help="How many.")
@json_option
def similar(project: str, id_: str, top: int, as_json: bool) -> None:
    """The examples that are most like one, nearest first, with the cosine between their vectors."""
    import numpy as np

    import dataimp_gui

    with dataimp_gui.open(project, read_only=True) as opened:
        rows, cosines = opened.analysis.similar(np.array([opened.row(id_)]), top, progress())
        ids = opened.ids(rows)
        labels = opened.query.values(["label"], rows)["label"]
    found = [
        {"id": each, "similarity": round(float(cosine), 6), "label": label or ""}
        for each, cosine, label in zip(ids, cosines, labels, strict=True)
    ]

    def lines() -> list[str]:
        if not found:
            return ["It has no vector, or no other example has."]
        return columns([[f["id"], f"{f['similarity']:.3f}", f["label"]] for f in found], ("id", "similarity", "label"))

    emit(as_json, {"similar": found}, lines)


COMMANDS: Final = {"issues": issues, "measure": measure, "embed": embed, "similar": similar}
