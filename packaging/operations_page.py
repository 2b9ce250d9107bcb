"""Write docs/operations.md from the table of operations, so that the page never says something else."""

import html
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from dataimp_gui.core.augment.operations import Operation, Parameter, Values, operations  # noqa: E402
from dataimp_gui.core.model import Modality  # noqa: E402

HEAD = """# Operations

What a step of a policy can do. [`docs/augmentation.md`](augmentation.md) tells how a policy is measured and written;
this page is written from the table of operations in `dataimp_gui/core/augment`.

A step names its operation as the first column does, and those parameters that are to differ:

    {"op": "blur", "chance": 0.5, "ranges": {"radius": [0.5, 2.0]}}

Behind each parameter stand its limits, which no range may leave, and in brackets the range that a new step draws from:
evenly, or evenly in ratios where it says "ratios". What is one of several words is the first of them unless the step's
`choices` name others.

The last column is what happens to the label:

- **keeps the label**: a person would still give it; whether that holds for the range that is set, a measurement tells.
- **keeps it for some classes**: a class that the step would make another one, such as those named, is left alone.
- **moves boxes or time spans**: the class stays; where things are does not.
- **may destroy it**: look at the variants, and at *labels kept*.

Labels named in the `spare` of a step are never touched by it.
"""

NOTES = {
    Modality.IMAGE: "Depth (8 and 16 bits, floats), alpha and grey survive. Pixels are those of the file: a radius "
    "means more in a small picture.",
    Modality.AUDIO: "Sample rate and channels survive.",
    Modality.TEXT: "Those that know the words of one language name it.",
}

CLASSES = ("7", "8", "A", "b", "left", "top", "A4", "female")


def page() -> str:
    parts = [HEAD]
    for modality, note in NOTES.items():
        found = [each for each in operations(modality) if each.apply.__module__.startswith("dataimp_gui.")]
        parts.append(f"\n## {modality.value.capitalize()}\n\n{len(found)} operations. {note}\n\n")
        parts.append("| operation | what it models | parameters | label |\n|---|---|---|---|\n")
        parts.extend(f"{_row(each)}\n" for each in sorted(found, key=lambda each: each.title.lower()))
    return "".join(parts)


def _row(operation: Operation) -> str:
    models = html.escape(operation.noise, quote=False) + (f" Takes {operation.takes}." if operation.takes else "")
    parameters = "<br>".join(map(_parameter, operation.parameters)) or "none"
    label = operation.keeps.value
    if usual := _spoilt(operation, most=False):
        label += f"; leaves {', '.join(usual)} alone"
    elif far := _spoilt(operation, most=True):
        label += f"; leaves {', '.join(far)} alone where it goes far"
    cells = (f"{operation.title} `{operation.name}`", models, parameters, label)
    return "| " + " | ".join(each.replace("|", "&#124;") for each in cells) + " |"


def _spoilt(operation: Operation, *, most: bool) -> list[str]:
    """The classes that it leaves alone: as a new step does, or with the most that it can do."""
    ends = {each.name: (each.high if most else each.default[1]) for each in operation.parameters}
    spoils = operation.spoils or (lambda *_: False)
    return [f'"{name}"' for name in CLASSES if spoils(name, Values(ends))]


def _parameter(parameter: Parameter) -> str:
    name = f"{parameter.title} `{parameter.name}`: "
    if parameter.text:
        return name + f"a {parameter.text}"
    if parameter.choices:
        return name + " or ".join(f'"{each}"' for each in parameter.choices)
    low, high = parameter.default
    unit = f" {parameter.unit}" if parameter.unit else ""
    even = ", ratios" * parameter.log + ", whole" * parameter.integer
    return name + f"{parameter.low:g} to {parameter.high:g}{unit} ({low:g} to {high:g}{even})"


if __name__ == "__main__":
    (ROOT / "docs" / "operations.md").write_text(page(), encoding="utf-8")
