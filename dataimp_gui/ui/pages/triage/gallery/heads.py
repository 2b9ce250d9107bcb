"""What the headers over groups of examples say."""

from dataimp_gui.core.query.grouping import Groups
from dataimp_gui.ui import theme
from dataimp_gui.ui.kit.group_heads import GroupHeads, Head
from dataimp_gui.ui.pages.triage.titles import Titles


def heads(groups: Groups | None, titles: Titles) -> GroupHeads:
    """Name, count and percent of each group; no headers without groups."""
    if groups is None:
        return GroupHeads()
    before, total = titles.of(groups.column).lower(), max(1, len(groups.rows))

    def head(number: int) -> Head:
        size = int(groups.starts[number + 1] - groups.starts[number])
        share = f"{100 * size / total:.0f}%" if 100 * size >= total else "<1%"
        return Head(before, _named(groups.names[number]), f"{size:,} · {share}")

    return GroupHeads(len(groups.names), head, (groups.column, groups.names))


def _named(name: str | None) -> str:
    if name is None:
        return "none"
    return {"true": "yes", "false": "no"}.get(name, theme.one_line(name) or "(blank)")
