"""What the kinds of issues are called on the screen, which sign each has, and what can be done about one."""

from dataclasses import dataclass
from typing import Final

from dataimp_gui.core.model import Issue, IssueKind

SHORT: Final = 14  # letters of a label that fit on a button


@dataclass(frozen=True, slots=True)
class Words:
    """``title`` in the list of kinds and over a finding, ``many`` in the title of a queue, ``likely`` after a
    percentage, ``about`` as a sentence, ``keep`` on the button for what is fine as it is."""

    title: str
    many: str
    likely: str
    about: str
    keep: str
    icon: str


WORDS: Final = {
    IssueKind.LABEL: Words(
        "Wrong label", "Likely wrong labels", "likely wrong", "The label looks wrong.", "Keep label", "sparkle"
    ),
    IssueKind.CONFLICT: Words(
        "Conflict",
        "Conflicting labels",
        "likely one thing",
        "It is labelled otherwise than what is like it.",
        "Keep both",
        "conflict",
    ),
    IssueKind.LEAK: Words(
        "Leak", "Leaks between splits", "likely a leak", "It is in another split too.", "Keep both", "leak"
    ),
    IssueKind.DUPLICATE: Words(
        "Duplicate", "Likely duplicates", "likely the same", "It is there more than once.", "Keep both", "copy"
    ),
    IssueKind.OUTLIER: Words(
        "Outlier", "Likely outliers", "likely out of place", "It is like no other example.", "Keep", "outlier"
    ),
    IssueKind.MEDIA: Words(
        "Bad media",
        "Bad media",
        "likely unusable",
        "The picture, sound or text itself is hardly usable.",
        "Keep",
        "image-broken",
    ),
}


def title(issue: Issue) -> str:
    """What is to be said first of a finding."""
    return f"Suggested: {issue.suggested}" if issue.suggested else WORDS[issue.kind].title


def chance(issue: Issue) -> str:
    """How sure it is: the calibrated severity in words, never quite 0 or 100 %."""
    percent = min(max(round(100 * issue.severity), 1), 99)
    return f"{percent}% {WORDS[issue.kind].likely}"


def keeping(issue: Issue) -> str:
    """The words of the button that says: fine as it is."""
    if issue.suggested and 0 < len(issue.label) <= SHORT:
        return f"Keep {issue.label}"
    keep = WORDS[issue.kind].keep
    return "Keep all" if keep == "Keep both" and len(issue.others) > 1 else keep
