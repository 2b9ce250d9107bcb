"""The command that writes a report."""

from typing import Final

import click

from dataimp_gui.cli.output import emit, example, json_option, not_empty, progress, project_argument, where_option


@click.command(epilog=example("dataimp report demo.dataimp -o report.html"))
@project_argument
@click.option("--out", "-o", required=True, metavar="FILE", callback=not_empty, help="The HTML file to write.")
@where_option
@click.option("--run", default="", help="Which run; the newest if not given.")
@click.option("--top", type=click.IntRange(min=0), default=12, show_default=True, metavar="K", help="Found slices.")
@json_option
def report(project: str, out: str, where: str, run: str, top: int, as_json: bool) -> None:
    """Write metrics, confusion and slices with examples as one HTML file that needs nothing else to be read."""
    import dataimp_gui

    with dataimp_gui.open(project, read_only=True) as opened:
        if run:
            opened.use_run(run)
        made = opened.report(out, where, top=top, progress=progress())
    answer = {"file": str(made.file), "bytes": made.bytes, "slices": made.slices}
    emit(as_json, answer, lambda: [f"Wrote {made.file}: {made.bytes:,} bytes, {made.slices:,} slices"])


COMMANDS: Final = {"report": report}
