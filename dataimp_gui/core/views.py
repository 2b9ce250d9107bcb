"""Ways of looking at the examples that a person gave a name: what is asked, in which order, shown how."""

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

import msgspec

from dataimp_gui.core import edits
from dataimp_gui.errors import DataimpError, ProjectError

if TYPE_CHECKING:
    from dataimp_gui.core.project import Project

KEY: Final = "views"


@dataclass(frozen=True, slots=True)
class View:
    """``where`` is a clause, ``order`` and ``group`` columns, ``run`` the number of a run; each empty for none.

    ``shown`` are the parts of a page that stand beside each other, by their keys.
    """

    name: str
    where: str = ""
    order: str = ""
    descending: bool = False
    group: str = ""
    shown: tuple[str, ...] = ()
    run: str = ""


class Views:
    """In the project's database, in the order of their names; what is written is durable when a method returns."""

    def __init__(self, project: "Project") -> None:
        self._project = project

    def all(self) -> tuple[View, ...]:
        kept = self._project.database.get(KEY)
        try:
            found = msgspec.json.decode(kept or "[]", type=tuple[View, ...])
        except msgspec.DecodeError as error:
            raise ProjectError(
                f"The saved views of {self._project.name} cannot be read: {error}.", hint="Save them anew."
            ) from error
        return tuple(sorted(found, key=lambda view: view.name.casefold()))

    def save(self, view: View) -> None:
        """In place of the one of that name. Raises DataimpError for a name or clause that cannot be kept."""
        name = edits.name("view", view.name.strip())
        edits.checked("clause", view.where, edits.MOST_OF_NOTE)
        self._put(*(other for other in self.all() if other.name != name), replace(view, name=name))

    def rename(self, name: str, to: str) -> None:
        """Raises DataimpError when there is no such view, or another one has the new name."""
        to = edits.name("view", to.strip())
        if to != name and any(view.name == to for view in self.all()):
            raise DataimpError(f"There is a view “{to}” already.", hint="Choose another, or remove that one first.")
        self._find(name)
        self._put(*(replace(view, name=to) if view.name == name else view for view in self.all()))

    def remove(self, name: str) -> View:
        """The view that was there, so that it can be saved again."""
        gone = self._find(name)
        self._put(*(view for view in self.all() if view != gone))
        return gone

    def _find(self, name: str) -> View:
        for view in self.all():
            if view.name == name:
                return view
        raise DataimpError(f"No view is called “{name}”.")

    def _put(self, *views: View) -> None:
        if self._project.read_only:
            raise ProjectError(
                f"{self._project.name} is open read-only, so its views stay as they are.",
                hint="Close it elsewhere and open it again to save views.",
            )
        self._project.database.put(KEY, msgspec.json.encode(views).decode())
