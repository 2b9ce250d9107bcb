"""The command line: parses and prints. Exit 0 done, 1 a check said no, 2 usage or input error, 130 interrupted."""

import errno
import sys
from collections.abc import Sequence
from importlib import import_module
from typing import Final

import click

from dataimp_gui.about import VERSION
from dataimp_gui.cli.output import one_line
from dataimp_gui.errors import Cancelled, DataimpError

COMMANDS: Final = {
    "open": "window",
    "demo": "window",
    "import": "incoming",
    "add-run": "incoming",
    "baseline": "incoming",
    "locate": "incoming",
    "info": "asking",
    "quarantine": "asking",
    "query": "asking",
    "metrics": "asking",
    "history": "asking",
    "measure": "analysis",
    "embed": "analysis",
    "similar": "analysis",
    "issues": "analysis",
    "slices": "slices",
    "slice": "slices",
    "cost": "slices",
    "augment": "augment",
    "policy": "policies",
    "report": "reporting",
    "relabel": "editing",
    "tag": "editing",
    "untag": "editing",
    "exclude": "editing",
    "include": "editing",
    "set-split": "editing",
    "note": "editing",
    "review": "editing",
    "keep": "editing",
    "agreement": "reviewing",
    "undo": "editing",
    "redo": "editing",
    "commit": "versions",
    "log": "versions",
    "diff": "versions",
    "export": "versions",
    "verify": "versions",
    "evaluate": "evaluating",
    "gates": "evaluating",
    "promote": "evaluating",
    "rollback": "evaluating",
    "restore": "evaluating",
    "gc": "evaluating",
}
"""Command to the module that holds it; a module is imported when one of its commands is named."""


class _Commands(click.Group):
    def list_commands(self, _ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, _ctx: click.Context, name: str) -> click.Command | None:
        if name not in COMMANDS:
            return None
        module = import_module(f"dataimp_gui.cli.{COMMANDS[name]}")
        found: click.Command = module.COMMANDS[name]
        return found

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        from difflib import get_close_matches

        if args and args[0] not in COMMANDS and not args[0].startswith("-"):
            near = get_close_matches(args[0], COMMANDS, n=1)
            raise click.UsageError(
                f'There is no command "{args[0]}".' + (f' The nearest is "{near[0]}".' if near else "")
            )
        return super().resolve_command(ctx, args)


@click.group(cls=_Commands, invoke_without_command=True, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(VERSION, prog_name="dataimp")
@click.pass_context
def dataimp(context: click.Context) -> None:
    """Improve data: see a model's errors, fix labels, commit versions and export them. All of it on this machine.

    Without a command the window opens.
    """
    if context.invoked_subcommand is None:
        from dataimp_gui.cli.window import show

        context.exit(show(None))


def run(arguments: Sequence[str]) -> int:
    """The exit code. Whatever goes wrong is told in one line on stderr."""
    try:
        result = dataimp.main(list(arguments), prog_name="dataimp", standalone_mode=False)
    except click.UsageError as error:
        where = error.ctx.command_path if error.ctx else "dataimp"
        return _failed(error.format_message(), f"See: {where} --help")
    except click.ClickException as error:
        return _failed(error.format_message(), "")
    except DataimpError as error:
        return _failed(str(error), error.hint)
    except (click.Abort, KeyboardInterrupt, Cancelled):
        sys.stderr.write("dataimp: interrupted; what was finished before is kept\n")
        return 130
    except BrokenPipeError:
        sys.stderr.close()
        return 0
    except OSError as error:
        place = f": {error.filename}" if error.filename else ""
        hint = "Make room on that disk and try again." if error.errno == errno.ENOSPC else ""
        return _failed(f"{error.strerror or error}{place}", hint)
    except Exception as error:
        return _failed(
            f"Dataimp made a mistake ({type(error).__name__}).", f"What happened stands in {_report(error)}."
        )
    return result if isinstance(result, int) else 0


def _report(error: Exception) -> str:
    """Keep the trace of a bug in a file of the person's own; the name of the file."""
    import platform
    import tempfile
    import traceback

    with tempfile.NamedTemporaryFile(
        "w", prefix="dataimp-report-", suffix=".txt", delete=False, encoding="utf-8"
    ) as file:
        file.write(f"Dataimp {VERSION}, Python {platform.python_version()}, {platform.platform()}\n\n")
        file.writelines(traceback.format_exception(error))
    return file.name


def _failed(message: str, hint: str) -> int:
    if hint and message[-1:] not in (".", "!", "?", ":"):
        message += "."
    sys.stderr.write(f"dataimp: error: {one_line(' '.join(filter(None, (message, hint))))}\n")
    return 2
