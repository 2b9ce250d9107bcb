"""Going through a queue of examples: what was decided by whom, and how far two people agree."""

from dataimp_gui.core.reviewing.agreement import Agreement, Blind
from dataimp_gui.core.reviewing.decisions import Decision, Verb
from dataimp_gui.core.reviewing.reviews import Review, Reviews

__all__ = ["Agreement", "Blind", "Decision", "Review", "Reviews", "Verb"]
