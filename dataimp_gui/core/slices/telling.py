"""What a slice is called and why it is one, in words for a person."""

from dataimp_gui.core.model import Mask
from dataimp_gui.core.slices.halves import Half
from dataimp_gui.core.slices.material import Column, Condition, Material, Rule


def name_of(material: Material, rule: Rule) -> str:
    return ", ".join(_told(condition, material.columns[condition.column]) for condition in rule)


def reason(mask: Mask, half: Half) -> str:
    """How it did on the examples ``half`` that the search did not see; ``mask`` (m,) is which of them it holds."""
    n, others = int(mask.sum()), int((~mask).sum())
    if not n or not others:
        return "It cannot be tested: all the examples that the search did not see are on one side."
    wrong = int((mask & half.errors).sum())
    told = f"Of {n:,} examples that the search did not see {_percent(wrong / n)} fail"
    told += f", of the others {_percent((half.wrong - wrong) / others)}"
    if half.loss is None:
        return f"{told}."
    cost = float(half.loss[mask].mean()), float(half.loss[~mask].mean())
    return f"{told}; one costs {cost[0]:.2g} on average, of the others {cost[1]:.2g}."


def _told(condition: Condition, column: Column) -> str:
    name = condition.column
    if condition.missing:
        return f"some {name}" if condition.negated else f"no {name}"
    if column.flag:
        return name if (column.words[condition.code] == "true") != condition.negated else f"not {name}"
    if column.codes is not None:
        return f"{name} {'not ' if condition.negated else ''}{column.words[condition.code]}"
    low, high = f"{condition.low:.6g}", f"{condition.high:.6g}"
    if low == "-inf":
        return f"any {name}" if high == "inf" else f"{name} below {high}"
    return f"{name} from {low}" if high == "inf" else f"{name} {low} to {high}"


def _percent(share: float) -> str:
    return f"{share:.1%}" if share < 0.1 else f"{share:.0%}"
