"""How a version came into production, and what stood against it."""

from dataclasses import dataclass
from typing import Final

UNJUDGED: Final = "evaluated"
TODAY: Final = "evaluated by today's gates"


@dataclass(frozen=True, slots=True)
class Move:
    """``version`` became the one in production; ``failed`` are gates that it did not meet then."""

    version: str
    kind: str  # promote or rollback
    at: str
    author: str
    reason: str
    failed: tuple[str, ...]

    @property
    def in_spite(self) -> str:
        """ "although it failed Overall, No leak", empty where nothing stood against it."""
        gates = [gate for gate in self.failed if gate not in (UNJUDGED, TODAY)]
        said = [f"it failed {', '.join(gates)}"] if gates else []
        said += ["it was not evaluated"] if UNJUDGED in self.failed else []
        said += ["its gates were set after it was evaluated"] if TODAY in self.failed else []
        return f"although {' and '.join(said)}" if said else ""
