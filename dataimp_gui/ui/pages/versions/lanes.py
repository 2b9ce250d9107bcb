"""Where the lines of a tree of versions run: the main line first, branches beside it."""

from collections.abc import Sequence


def lanes(tree: Sequence[tuple[str, str]]) -> dict[str, int]:
    """``tree`` lists names with their parents, newest first; the line of the newest has lane 0.

    Another line takes the first lane that is free from its newest name down to where it leaves another line.
    """
    parents = dict(tree)
    place = {name: number for number, (name, _) in enumerate(tree)}
    lane: dict[str, int] = {}
    spans: list[list[tuple[int, int]]] = []  # of each lane, which places are taken
    for tip, _ in tree:
        if tip in lane:
            continue
        line = [tip]
        while (parent := parents.get(line[-1], "")) in place and parent not in lane and parent not in line:
            line.append(parent)
        first, last = place[tip], place.get(parent, place[line[-1]])
        free = 0
        while free < len(spans) and any(first < end and start < last for start, end in spans[free]):
            free += 1
        if free == len(spans):
            spans.append([])
        spans[free].append((first, max(last, first + 1)) if free else (0, len(tree)))
        lane |= dict.fromkeys(line, free)
    return lane
