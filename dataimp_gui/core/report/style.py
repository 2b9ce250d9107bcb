"""The style of a report: the colours of the window, light and dark as the reader's system has it."""

import json
from typing import Final

from dataimp_gui import resources

_STEPS: Final = 7


def style() -> str:
    tokens = json.loads(resources.path("design", "tokens.json").read_text("utf-8"))
    sheet = resources.path("report", "report.css").read_text("utf-8")
    return (
        f":root{_colours(tokens, 'light')}@media(prefers-color-scheme:dark){{:root{_colours(tokens, 'dark')}}}{sheet}"
    )


def _colours(tokens: dict[str, dict[str, dict[str, str]]], theme: str) -> str:
    named = {name.replace(".", "-"): value for name, value in tokens["color"][theme].items()}
    for kind in ("ok", "err"):
        named |= {f"{kind}-{step}": tokens["sequential"][kind][theme][step] for step in range(_STEPS)}
    return "{color-scheme:" + theme + ";" + "".join(f"--{name}:{value};" for name, value in named.items()) + "}"
