"""The data card beside an export: what the dataset is, how many of what, what changed; as Markdown and as HTML.

Texts of the data are shown as they are written: neither format takes them for markup.
"""

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np

from dataimp_gui.core.engine import quoted
from dataimp_gui.core.markup import Markup, tag
from dataimp_gui.core.model import Rows, VersionInfo
from dataimp_gui.core.versions.excluded import Excluded
from dataimp_gui.core.versions.outgoing import TABLE, Outgoing

MARKDOWN: Final = "DATACARD.md"
HTML: Final = "DATACARD.html"
MOST_CLASSES: Final = 200
MOST_COLUMNS: Final = 200
UNSTATED: Final = "Not stated. Ask where the data come from before you use them or pass them on."
_SHORT: Final = 12  # characters of a content id
_SPECIAL: Final = re.compile(r"([\\`*_\[\]<>#|~&$])")
_STYLE: Final = (
    "body{font:14px/1.5 system-ui,sans-serif;max-width:60em;margin:2em auto;padding:0 1em;color-scheme:light dark}"
    "table{border-collapse:collapse}th,td{padding:.2em .8em;text-align:right;border-bottom:1px solid #8886}"
    "th:first-child,td:first-child{text-align:left}"
)


@dataclass(frozen=True, slots=True)
class Section:
    """A heading, some sentences, and a table whose first row is its head; either may be empty."""

    title: str
    sentences: Sequence[str] = ()
    table: Sequence[Sequence[str]] = ()


@dataclass(frozen=True, slots=True)
class Beside:
    """What a version does not say itself: the ``licence`` of the data, empty where nobody said, the saved slices (name,
    rule, rows) as they are today, and the ``reasons`` for exclusions with their rows, later ones win."""

    licence: str = ""
    slices: Sequence[tuple[str, str, Rows]] = ()
    reasons: Sequence[tuple[str, Rows]] = ()


def sections(
    leaving: Outgoing, info: VersionInfo, format_: str, excluded: Excluded, evaluation: str, beside: Beside
) -> list[Section]:
    """``evaluation`` is the document of the version's newest one, empty without."""
    return [
        *_sections(leaving, info, format_),
        *_excluded(excluded),
        *_slices(leaving, beside.slices),
        *(_evaluation(evaluation) if evaluation else ()),
        Section("Licence", [beside.licence or UNSTATED]),
    ]


def write(folder: Path, sections: Sequence[Section]) -> None:
    for name, text in ((MARKDOWN, _markdown(sections)), (HTML, _html(sections))):
        (folder / name).write_text(text, encoding="utf-8", newline="\n")


def _sections(leaving: Outgoing, info: VersionInfo, format_: str) -> list[Section]:
    changed = [
        f"{count:,} {verb}"
        for count, verb in (
            (info.added, "added"),
            (info.removed, "removed"),
            (info.relabelled, "relabelled"),
            (info.augmented, "augmented"),
            (info.synthetic, "synthetic"),
        )
        if count
    ]
    against = f"Against {info.parent}" if info.parent else "In this first version"
    return [
        Section(
            info.name,
            [
                f"{leaving.count:,} examples ({leaving.modality}), one label each, exported as {format_}.",
                *_part(leaving.notes),
                f"Committed by {info.author} at {info.at}: {info.message}",
                f"Content id {info.content}.",
                "To find every changed, missing or extra byte: sha256sum -c SHA256SUMS, or dataimp verify.",
            ],
        ),
        Section("What changed", [f"{against}: {', '.join(changed) or 'nothing'}."]),
        _counts(leaving),
        _columns(leaving),
        *_tags(leaving),
        *_policies(leaving),
    ]


def _part(notes: Mapping[str, Any]) -> list[str]:
    """Of an export that is not all of the version."""
    said = []
    if where := notes.get("where"):
        said.append(f"Only the examples that this selects: {where}")
    if splits := notes.get("only_splits"):
        said.append(f"Only these splits: {', '.join(split or 'none' for split in splits)}.")
    if without := notes.get("without"):
        said.append(f"Without the {' and '.join(without)} examples.")
    if since := notes.get("since"):
        gone = len(notes["gone"])
        said.append(
            f"Only what the content {since[:_SHORT]} lacks or has otherwise; {gone:,} of its examples are gone, "
            "listed in manifest.json."
        )
    return said


def _evaluation(document: str) -> list[Section]:
    found = json.loads(document)
    lines = [found["overall"], *found["slices"]]
    rows = [[line["name"], f"{line['n']:,}", *_figures(line)] for line in lines[: MOST_CLASSES + 1]]
    rest = len(lines) - MOST_CLASSES - 1
    learned = f" on the embedding {found['embedding']}" if found.get("embedding") else ""
    trained = found["trainer"] or f"the built-in trainer{learned}"
    said = [
        f"{found['version']} beside {found['against']}, both trained by {trained} with {found['seeds']} seeds "
        f"and judged on the same held-out examples, at {found['at']}.",
        *found["notes"],
        *([f"The first {MOST_CLASSES} of {len(lines) - 1:,} subsets."] if rest > 0 else []),
    ]
    failed = [gate["gate"] for gate in found["gates"] if gate["result"] == "fail"]
    verdict = f"Failed: {', '.join(failed)}." if failed else "None failed."
    gates = [[gate["gate"], gate["result"], gate["reason"]] for gate in found["gates"]]
    head = ["subset", "examples", found["against"], found["version"], "change", "95 % interval"]
    return [
        Section("Evaluation", said, [head, *rows]),
        *([Section("Gates", [verdict], [["gate", "result", "reason"], *gates])] if gates else []),
    ]


def _figures(line: dict[str, Any]) -> list[str]:
    """Before, after, change and its interval: accuracies in percent, costs as they are."""
    if line["change"] is None:
        return ["-"] * 4
    factor, unit = (1, "") if line["kind"] == "cost" else (100, " %")
    ends = "-" if line["ci"] is None else " to ".join(f"{factor * end:+.2f}" for end in line["ci"])
    shares = (f"{factor * line[key]:.2f}{unit}" for key in ("before", "after"))
    return [*shares, f"{factor * line['change']:+.2f}", ends]


def _counts(leaving: Outgoing) -> Section:
    """Labels down, splits across."""
    found = leaving.engine.rows(f"SELECT coalesce(label, ''), coalesce(split, ''), count(*) FROM {TABLE} GROUP BY ALL")
    counts = {(label, split): count for label, split, count in found}
    labels = sorted({label for label, _ in counts}, key=lambda label: (not label, label))
    splits = sorted({split for _, split in counts}, key=lambda split: (not split, split))
    rows = [
        [label or "(no label)", *(f"{counts.get((label, split), 0):,}" for split in splits), f"{_sum(counts, label):,}"]
        for label in labels[:MOST_CLASSES]
    ]
    rest = len(labels) - MOST_CLASSES
    sentences = [f"The first {MOST_CLASSES} of {len(labels):,} labels."] if rest > 0 else []
    return Section("Labels", sentences, [["label", *(split or "(no split)" for split in splits), "all"], *rows])


def _sum(counts: dict[tuple[str, str], int], label: str) -> int:
    return sum(count for (other, _), count in counts.items() if other == label)


def _columns(leaving: Outgoing) -> Section:
    if not leaving.metadata:
        return Section("Metadata", ["No columns."])
    rows = []
    for name, kind in list(leaving.metadata.items())[:MOST_COLUMNS]:  # one at a time: DuckDB plans many for minutes
        column = quoted(name)
        there, different = leaving.engine.rows(f"SELECT count({column}), count(DISTINCT {column}) FROM {TABLE}")[0]
        rows.append([name, kind.lower(), f"{leaving.count - there:,}", f"{different:,}"])
    rest = len(leaving.metadata) - MOST_COLUMNS
    sentences = [f"The first {MOST_COLUMNS} of {len(leaving.metadata):,} columns."] if rest > 0 else []
    return Section("Metadata", sentences, [["column", "type", "missing", "different values"], *rows])


def _tags(leaving: Outgoing) -> list[Section]:
    found = leaving.engine.rows(
        f"SELECT tag, count(*) FROM (SELECT unnest(tags) AS tag FROM {TABLE}) GROUP BY 1 ORDER BY 1"
    )
    return (
        [Section("Tags", [], [["tag", "examples"], *([tag_, f"{count:,}"] for tag_, count in found)])] if found else []
    )


def _excluded(excluded: Excluded) -> list[Section]:
    counts = excluded.counts()
    if not counts:
        return []
    rows = [[why or "(nobody said)", f"{count:,}"] for why, count in counts[:MOST_CLASSES]]
    rest = len(counts) - MOST_CLASSES
    said = [f"{len(excluded.ids):,} examples of the project are no part of this version."]
    said += [f"The first {MOST_CLASSES} of {len(counts):,} reasons."] if rest > 0 else []
    return [Section("Excluded", said, [["reason", "examples"], *rows])]


def _slices(leaving: Outgoing, slices: Sequence[tuple[str, str, Rows]]) -> list[Section]:
    if not slices:
        return []
    rows = np.asarray(leaving.engine.arrays(f'SELECT "row" FROM {TABLE}')["row"], np.int64)
    lines = [[name, where, f"{np.count_nonzero(np.isin(rows, of)):,}"] for name, where, of in slices]
    return [Section("Saved slices", [], [["slice", "rule", "examples"], *lines])]


def _policies(leaving: Outgoing) -> list[Section]:
    files = leaving.notes.get("policies", {})
    said = ["Each loads with dataimp_gui.load_policy(file)."]
    table = [["file", "content id"], *map(list, files.items())]
    return [Section("Augmentation policies", said, table)] if files else []


def _markdown(sections: Sequence[Section]) -> str:
    lines: list[str] = []
    for level, section in enumerate(sections):
        lines += [f"{'#' if level == 0 else '##'} {_escaped(section.title)}", ""]
        lines += [line for sentence in section.sentences for line in (_escaped(sentence), "")]
        if section.table:
            head, *rows = ["| " + " | ".join(map(_escaped, row)) + " |" for row in section.table]
            lines += [head, "|---" * len(section.table[0]) + "|", *rows, ""]
    return "\n".join(lines)


def _escaped(text: str) -> str:
    return _SPECIAL.sub(r"\\\1", " ".join(text.split()))


def _html(sections: Sequence[Section]) -> str:
    parts: list[Markup] = []
    for level, section in enumerate(sections):
        parts += [tag("h1" if level == 0 else "h2", section.title), *(tag("p", one) for one in section.sentences)]
        if section.table:
            head, *rows = section.table
            parts.append(
                tag(
                    "table",
                    tag("tr", *(tag("th", cell) for cell in head)),
                    *(tag("tr", *(tag("td", cell) for cell in row)) for row in rows),
                )
            )
    head = tag("head", tag("meta", charset="utf-8"), tag("title", sections[0].title), tag("style", Markup(_STYLE)))
    return "<!DOCTYPE html>\n" + tag("html", head, tag("body", *parts), lang="en") + "\n"
