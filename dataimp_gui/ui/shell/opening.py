"""How a project comes into the window: opened, imported, or made from a demo, always off the main thread."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from dataimp_gui.core.project import Project
from dataimp_gui.progress import Progress
from dataimp_gui.ui.kit.jobs import Job, Jobs

if TYPE_CHECKING:
    from dataimp_gui.core.importing import ImportOptions, ImportSummary


@dataclass(frozen=True, slots=True)
class Opened:
    """``summary`` is there when the project was made just now."""

    project: Project
    summary: "ImportSummary | None" = None


class Opening(QObject):
    """One at a time; a second wish while one is under way takes its place."""

    opened = Signal(object)  # Opened
    failed = Signal(Exception)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.jobs = Jobs(ThreadPoolExecutor(1, thread_name_prefix="open"), self)
        self.jobs.failed.connect(self.failed)
        self.author = ""
        self._made: Opened | None = None  # and nobody has it yet

    def open(self, path: Path, *, read_only: bool = False) -> None:
        author = self.author

        def work(_: Progress) -> Opened:
            project = Project.open(path, read_only=read_only, author=author)
            project.query.columns()  # loads what the first question needs
            return Opened(project)

        self.jobs.start(self._kept(work), self._hand_over, key="open", title=f"Opening {path.stem}")

    def make(
        self,
        source: Path,
        path: Path,
        options: "ImportOptions",
        done: Callable[[], None],
        failed: Callable[[Exception], None],
    ) -> Job:
        """Import into a new project and open it. ``done`` is called just before `opened` is signalled."""
        author = self.author

        def work(progress: Progress) -> Opened:
            return Opened(*Project.create(path, source, options, progress, author=author))

        def finish(opened: Opened) -> None:
            done()
            self._hand_over(opened)

        return self.jobs.start(self._kept(work), finish, failed=failed, key="open", title=f"Importing {source.name}")

    def demo(self, name: str, folder: Path | None) -> None:
        from dataimp_gui.core.demos import create_demo

        author = self.author

        def work(progress: Progress) -> Opened:
            made = create_demo(name, folder, progress)
            return Opened(Project.open(made.project, author=author))

        self.jobs.start(self._kept(work), self._hand_over, key="open", title="Making the demo")

    @property
    def busy(self) -> bool:
        return bool(self.jobs.running)

    def cancel(self) -> None:
        self.jobs.cancel("open")

    def close(self) -> None:
        self.jobs.shutdown()
        self._give_up()

    def _kept(self, work: Callable[[Progress], Opened]) -> Callable[[Progress], Opened]:
        """``work``, that closes what an earlier one opened when another wish came before the window had it."""

        def kept(progress: Progress) -> Opened:
            self._give_up()
            self._made = work(progress)
            return self._made

        return kept

    def _hand_over(self, opened: Opened) -> None:
        self._made = None
        self.opened.emit(opened)

    def _give_up(self) -> None:
        if self._made is not None:
            self._made.project.close()
            self._made = None
