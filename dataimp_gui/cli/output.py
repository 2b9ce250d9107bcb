"""What the commands share: the JSON switch, output that cannot fool a terminal, and progress on stderr."""

import sys
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from functools import wraps
from pathlib import Path
from typing import Any, Final, TypeVar, cast

import click

from dataimp_gui.progress import Progress, Report

_UNSHOWN: Final = ("Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp")

KINDS: Final = ("label", "duplicate", "conflict", "leak", "outlier", "media")
"""Of issues."""

F = TypeVar("F", bound=Callable[..., Any])


def not_empty(_context: click.Context, parameter: click.Parameter, value: str) -> str:
    """An empty path is mostly a variable that a script forgot to set; it must not mean the current folder."""
    if not str(value).strip() and value is not None:
        raise click.BadParameter("it is empty", param=parameter)
    return value


project_argument = click.argument("project", type=click.Path(path_type=str), callback=not_empty)
where_option = click.option(
    "--where", "-w", default="", metavar="WHERE", help="Which examples, e.g. \"label = 'Coat'\"."
)


def json_option(command: F) -> F:
    return click.option("--json", "as_json", is_flag=True, help="Print one JSON object on stdout.")(command)


def scheduler_option(command: F) -> F:
    """For commands with a project that do the same to many examples."""

    @click.option("--scheduler", default="", metavar="ADDRESS", help="Share the work out on a Dask cluster.")
    @wraps(command)
    def anywhere(*args: Any, scheduler: str, **kwargs: Any) -> Any:
        if not scheduler.strip():
            return command(*args, **kwargs)
        from dataimp_gui.core.compute import on_cluster

        place = Path(kwargs["project"]).absolute()
        with on_cluster(scheduler.strip(), next(each for each in (place, *place.parents) if each.is_dir())):
            return command(*args, **kwargs)

    return cast("F", anywhere)


def example(line: str) -> str:
    """The epilog of a command's help."""
    return f"Example: {line}"


def one_line(text: str) -> str:
    """Text from data made harmless for a terminal: no line breaks, no control or direction marks."""
    return text if text.isprintable() else "".join(map(_harmless, text))


def _harmless(letter: str) -> str:
    if letter in "\n\r\t":
        return " "
    return f"\\u{ord(letter):04x}" if unicodedata.category(letter) in _UNSHOWN else letter


def emit(as_json: bool, answer: Mapping[str, object], lines: Callable[[], Sequence[str]]) -> None:
    """Print the answer: as one JSON object, or as the lines for people."""
    if as_json:
        import msgspec

        sys.stdout.write(msgspec.json.encode(answer).decode() + "\n")
    else:
        told = lines()
        if told:
            click.echo("\n".join(map(one_line, told)))


def columns(rows: Sequence[Sequence[object]], heading: Sequence[str]) -> list[str]:
    """A plain table: first column to the left, numbers to the right."""
    cells = [[one_line(str(cell)) for cell in row] for row in (heading, *rows)]
    widths = [max(len(row[place]) for row in cells) for place in range(len(heading))]
    numeric = [
        bool(rows) and all(isinstance(row[place], int | float | None) for row in rows) for place in range(len(heading))
    ]
    return [
        "  ".join(
            cell.rjust(width) if right else cell.ljust(width)
            for cell, width, right in zip(row, widths, numeric, strict=True)
        ).rstrip()
        for row in cells
    ]


def progress() -> Progress:
    """Reports to stderr: one live line on a terminal, silent otherwise."""
    return Progress(_Line().show) if sys.stderr.isatty() else Progress()


class _Line:
    def __init__(self) -> None:
        self._phase = ""

    def show(self, report: Report) -> None:
        if report.phase != self._phase and self._phase:
            sys.stderr.write("\n")
        self._phase = report.phase
        parts = [f"{one_line(report.phase)}: {report.done:,}" + (f" of {report.total:,}" if report.total else "")]
        if report.done and report.elapsed_s > 1:
            parts.append(f"{report.rate:,.0f}/s")
        if report.left_s is not None and report.left_s >= 3:
            parts.append(f"{report.left_s:,.0f} s left")
        end = "\n" if report.total and report.done >= report.total else ""
        if end:
            self._phase = ""
        sys.stderr.write("\r\x1b[2K" + ", ".join(parts) + end)
        sys.stderr.flush()
