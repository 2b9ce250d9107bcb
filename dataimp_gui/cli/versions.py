"""Commands for versions: commit, compare, export, verify."""

from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Final

import click

from dataimp_gui.cli.output import columns, emit, example, json_option, not_empty, progress, project_argument

if TYPE_CHECKING:
    from dataimp_gui.core.versions.diff import Diff

COUNTS: Final = ("added", "removed", "relabelled", "augmented", "synthetic")

dest_argument = click.argument("dest", type=click.Path(path_type=str), callback=not_empty)


@click.command(epilog=example("dataimp commit demo.dataimp -m 'Fix 40 shirts'"))
@project_argument
@click.option("--message", "-m", required=True, help="What changed and why.")
@json_option
def commit(project: str, message: str, as_json: bool) -> None:
    """Keep the dataset as it stands now as an immutable version."""
    import dataimp_gui

    with dataimp_gui.open(project) as opened:
        result = opened.commit(message, progress())
        version = result.version
    answer = {
        "version": version.name,
        "content": version.content,
        "parent": version.parent or None,
        **{key: getattr(version, key) for key in COUNTS},
        "changed_media": result.changed_media,
    }
    told = ", ".join(f"{getattr(version, key):,} {key}" for key in COUNTS if getattr(version, key))
    done = f"Committed {version.name} ({version.content[:12]}): {told or 'splits or tags changed'}."
    changed = result.changed_words
    told_of = [f"Since the last hash {changed}; {version.name} has what is there now."] if changed else []
    emit(as_json, answer, lambda: [*told_of, done])


@click.command(epilog=example("dataimp log demo.dataimp"))
@project_argument
@json_option
def log(project: str, as_json: bool) -> None:
    """The versions, newest first: where each comes from, whether it passed its gates, which one is in production."""
    import dataimp_gui

    with dataimp_gui.open(project, read_only=True) as opened:
        found, base, production = opened.versions(), opened.base, opened.evaluation.production()
        passed: dict[str, bool] = {}
        for evaluation in opened.evaluation.kept():
            passed.setdefault(evaluation.version, evaluation.passed)
    verdicts = {None: "", True: "pass", False: "fail"}

    def lines() -> list[str]:
        rows = [
            [
                *(v.name, v.parent, v.content[:12], v.at[:19], v.author, v.examples, verdicts[passed.get(v.name)]),
                "production" if v.name == production else "",
                v.message,
            ]
            for v in found
        ]
        heading = ("version", "from", "content", "at", "author", "examples", "gates", "role", "message")
        return columns(rows, heading) if rows else ["No versions."]

    told = [{**asdict(version), "passed": passed.get(version.name)} for version in found]
    emit(as_json, {"versions": told, "production": production or None, "base": base or None}, lines)


@click.command(epilog=example("dataimp diff demo.dataimp v1 v2"))
@project_argument
@click.argument("before")
@click.argument("after", required=False, default="")
@json_option
def diff(project: str, before: str, after: str, as_json: bool) -> None:
    """What changed from one version to another, or to the dataset as it stands now."""
    import dataimp_gui

    with dataimp_gui.open(project, read_only=True) as opened:
        found = opened.diff(before, after)
    emit(as_json, found.to_json(), lambda: _differences(found))


@click.command(epilog=example("dataimp export demo.dataimp v1 out/v1 --format csv"))
@project_argument
@click.argument("version")
@dest_argument
@click.option(
    "--format",
    "format_",
    required=True,
    metavar="FORMAT",
    help="class-folders, csv, jsonl, parquet, hugging-face, label-studio or webdataset.",
)
@click.option("--link/--copy", default=False, help="Hard-link media files instead of copying them.")
@click.option("--embed", is_flag=True, help="Put the media themselves into the tables (parquet).")
@click.option("--where", default="", metavar="WHERE", help="Only the examples that this selects today.")
@click.option("--licence", default="", metavar="TEXT", help="For the data card: what the data may be used for.")
@click.option("--split", "splits", multiple=True, metavar="NAME", help="Only this split; may be given several times.")
@click.option(
    "--without",
    multiple=True,
    type=click.Choice(["augmented", "synthetic"]),
    help="Leave out what was made; may be given twice.",
)
@click.option("--list-excluded", is_flag=True, help="Name in manifest.json what the version leaves out, and why.")
@click.option("--since", default="", metavar="VERSION", help="Only what that version lacks or has otherwise.")
@json_option
def export(
    project: str,
    version: str,
    dest: str,
    format_: str,
    link: bool,
    embed: bool,
    where: str,
    licence: str,
    splits: tuple[str, ...],
    since: str,
    without: tuple[str, ...],
    list_excluded: bool,
    as_json: bool,
) -> None:
    """Write a version as a dataset that other programs read, with a manifest and hashes; whole or not at all."""
    import dataimp_gui

    with dataimp_gui.open(project, read_only=True) as opened:
        done = opened.export(
            version,
            dest,
            format_,
            link=link,
            embed=embed,
            where=where,
            splits=splits,
            since=since,
            without=without,
            list_excluded=list_excluded,
            licence=licence,
            progress=progress(),
        )
    size = f"{done.examples:,} examples, {done.files:,} files, {done.bytes:,} bytes"
    told = f"Exported {done.version} to {done.dest}: {size}."
    emit(as_json, done.to_json(), lambda: [told, *filter(None, [done.note])])


@click.command(epilog=example("dataimp verify out/v1"))
@dest_argument
@json_option
def verify(dest: str, as_json: bool) -> int:
    """Check every file of an export against its hash; exit 1 when one is changed, missing or extra."""
    from dataimp_gui.core.versions.verify import verify as check

    result = check(Path(dest), progress())
    lines = [f"{bad.file}: {bad.reason}" for bad in result.bad]
    told = f"{result.files:,} files, {result.bytes:,} bytes: " + (
        "all as exported." if result.ok else f"{len(lines)} bad."
    )
    emit(as_json, result.to_json(), lambda: [*lines, told])
    return 0 if result.ok else 1


def _differences(found: "Diff") -> list[str]:
    if found.is_empty:
        return [f"{found.a} and {found.b} hold the same."]
    lines = [f"{kind}: {count:,}" for kind, count in found.counts.items() if count]
    lines += [f"  {before or 'no label'} -> {after or 'no label'}: {count:,}" for before, after, count in found.labels]
    for name, counts in found.slices:
        told = ", ".join(f"{count:,} {kind}" for kind, count in counts.items() if count)
        lines.append(f"slice {name}: {told}")
    if found.in_test:
        lines.append(f"in the test split: {found.in_test:,}")
    return lines


COMMANDS: Final = {"commit": commit, "log": log, "diff": diff, "export": export, "verify": verify}
