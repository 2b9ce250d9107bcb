"""What the program finds out about a project by itself: asked for by a person, kept in the cache, followed by edits."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from threading import RLock
from typing import TYPE_CHECKING, Final

import numpy as np
import numpy.typing as npt

from dataimp_gui.core.analysis import evidence, material, searching
from dataimp_gui.core.analysis.embedding import Embeddings
from dataimp_gui.core.analysis.jobs import Jobs
from dataimp_gui.core.analysis.material import Material
from dataimp_gui.core.analysis.measuring import Measuring
from dataimp_gui.core.analysis.pairs import pairs
from dataimp_gui.core.analysis.searching import Followed, Searching
from dataimp_gui.core.analysis.speaking import Speaking
from dataimp_gui.core.features.embedding import Embedding
from dataimp_gui.core.features.embedding_each import EachOne
from dataimp_gui.core.media.statistics import Statistic
from dataimp_gui.core.model import Change, Codes, Field, Issue, IssueKind, Rows
from dataimp_gui.progress import Progress

if TYPE_CHECKING:
    from dataimp_gui.core.project import Project
    from dataimp_gui.core.query import Query

Floats = npt.NDArray[np.float32]


MEASURE_HINT: Final = "Measure the examples first: dataimp measure PROJECT"
SEARCH_HINT: Final = "Search for issues first: dataimp issues PROJECT"
FEW_EDITS: Final = 20
FEW_SHARE: Final = 0.01  # of the examples: so many edits change little of what a new search would find


def _unseen(_positions: Floats) -> None:
    pass


class Analysis:
    """Any thread may ask. Long methods take a `Progress`, raise Cancelled, and keep what they found in the cache.

    Of a project that is open read-only it is kept in memory alone.
    """

    def __init__(self, project: "Project", turn: RLock) -> None:
        """``turn`` is held while columns and findings change."""
        self._project = project
        self._turn = turn
        self._measuring = Measuring(project)
        self._embeddings = Embeddings(project)
        self._searching = Searching(project)
        self.speaking = Speaking(project)
        self._jobs = Jobs()

    def close(self) -> None:
        """Cancel what runs; it ends on its own thread and touches nothing of the project any more."""
        self._jobs.close()
        self._embeddings.close()

    # statistics

    @property
    def statistics(self) -> tuple[Statistic, ...]:
        """What is measured of an example of this modality, each under the name of its column."""
        return tuple(replace(each, name=self._measuring.name(each.name)) for each in self._measuring.offered)

    @property
    def is_measured(self) -> bool:
        """Whether every example was measured once; `measure` finds out which have changed since."""
        known = self._measuring.known
        return known is not None and bool(known.keys.all())

    def measure(self, progress: Progress | None = None) -> None:
        """Statistics of all examples, which become columns; only what is missing or changed is computed."""
        with self._jobs.job(progress) as job:
            self._measure(material.gather(self._project, job), job)

    def numbers(self) -> dict[str, Floats]:
        """Every statistic that is a number, by its column: float32 (n,), NaN where missing. Empty before `measure`."""
        known = self._measuring.known
        return {self._measuring.name(name): values for name, values in known.numbers.items()} if known else {}

    def failures(self) -> dict[int, str]:
        """Why a medium could not be measured, by row."""
        known = self._measuring.known
        return dict(sorted(known.failed.items())) if known else {}

    # embeddings

    @property
    def embedders(self) -> tuple[tuple[str, str], ...]:
        """Name and title of what can turn these examples into vectors, the built-in first."""
        return self._embeddings.offered

    @property
    def embedding(self) -> Embedding | None:
        """The one in use, read from the cache; None when it was not computed yet."""
        return self._embeddings.current

    @property
    def describer(self) -> EachOne | None:
        """How the embedding in use describes an example by itself, also one that is not of the project; None where it
        cannot."""
        return self._embeddings.describer

    @property
    def embeds_all(self) -> bool:
        """Whether no example came since the embedding in use was computed; `embed` goes on with those that did."""
        return self._embeddings.is_whole

    def embed(self, name: str = "", progress: Progress | None = None) -> Embedding:
        """Compute an embedding, or go on where a cancelled run stopped, and use it from here on.

        Without a name the one in use, else the one that suits best. Raises DataimpError when there is none.
        """
        with self._jobs.job(progress) as job:
            return self._embed(name, material.gather(self._project, job), job)

    def add_embedding(self, file: Path | str, name: str = "", progress: Progress | None = None) -> Embedding:
        """Take vectors from a `.npy`, `.npz` or Parquet file, in row order, and use them from here on.

        Raises DataimpError when it does not hold a vector for each example.
        """
        with self._jobs.job(progress) as job:
            found = self._embeddings.add_file(Path(file), name, job)
        self._tell(Field.EMBEDDING)
        return found

    def embed_with(
        self, model: Path | str, options: Path | str = "", name: str = "", progress: Progress | None = None
    ) -> Embedding:
        """Compute vectors by an ONNX model of the person's, and use them from here on.

        ``options`` is JSON that describes its input (see `features.onnx.Preprocessing`); by default that beside the
        model. Raises DataimpError for what is no such model.
        """
        with self._jobs.job(progress) as job:
            made_of = material.gather(self._project, job)
            described = Path(options) if options else None
            found = self._embeddings.add_model(Path(model), described, name, made_of, job)
        self._tell(Field.EMBEDDING)
        return found

    def embed_columns(self, names: Sequence[str], name: str = "", progress: Progress | None = None) -> Embedding:
        """Make vectors of columns: numbers by their rank, texts of few words as flags; use them from here on.

        Raises DataimpError for a column that is not there or cannot be used.
        """
        with self._jobs.job(progress) as job:
            found = self._embeddings.add_columns(names, name, job)
        self._tell(Field.EMBEDDING)
        return found

    def use_embedding(self, name: str) -> None:
        """Raises DataimpError when none of that name was computed."""
        self._embeddings.use(name)
        self._tell(Field.EMBEDDING)

    def similar(self, rows: Rows, k: int = 24, progress: Progress | None = None) -> tuple[Rows, Floats]:
        """The examples nearest to ``rows`` and their cosine in [-1, 1], nearest first, without ``rows`` themselves.

        Raises DataimpError when there is no embedding yet.
        """
        (progress or Progress()).check()
        return self._embeddings.similar(rows, k)

    @property
    def known_projection(self) -> Floats | None:
        """The map, if it was made of the embedding in use."""
        return self._embeddings.known_projection

    def projection(self, progress: Progress | None = None, on_step: Callable[[Floats], None] = _unseen) -> Floats:
        """Positions on a map, float32 (n, 2), NaN without a vector; ``on_step`` is shown each stage on the way."""
        with self._jobs.job(progress) as job:
            return self._embeddings.projection(job, on_step)

    # issues

    @property
    def is_searched(self) -> bool:
        with self._turn:
            return bool(self._searching.standing)

    @property
    def is_stale(self) -> bool:
        """Whether a new search would see other predictions, another embedding or other examples than the last one."""
        return bool(self._outdated())

    @property
    def stale(self) -> str:
        """Why the issues should be searched again, as a sentence, also for many edits; empty when they need not."""
        return self._outdated() or self._edited()

    def find_issues(self, kinds: Sequence[IssueKind] = (), progress: Progress | None = None) -> None:
        """Search all kinds, or those given, measuring and embedding first what is missing and needed for them."""
        from dataimp_gui.core import issues

        with self._jobs.job(progress) as job:
            made_of = material.gather(self._project, job)
            wanted = tuple(kinds) or tuple(IssueKind)
            if set(wanted) - {IssueKind.LABEL}:
                self._measure(made_of, job)
            embedding = neighbours = None
            if set(wanted) - {IssueKind.MEDIA} and self._embeddings.is_worth_it:
                embedding = self._embed("", made_of, job)
                neighbours = self._embeddings.neighbours(job)
            seen = evidence.gather(self._project, made_of, self._measuring.known, embedding, neighbours)
            made_from = searching.made_from(self._project, _called(embedding))
            if any(issues.DETECTORS[kind].of_pairs for kind in wanted):
                keep, folder = not self._project.read_only, self._project.path / "cache" / "issues"
                seen = replace(seen, pairs=pairs(seen, folder, job, keep=keep))
            found = issues.find(seen, wanted, job)
            searched = searching.searched(found, seen.labels, self._project.state, made_from)
            with self._turn:
                job.check()
                self._searching.take(searched)
                self._searching.show(self._project.query)
            self._searching.keep(searched)
            self._tell(Field.ISSUE | Field.COLUMNS)

    def counts(self) -> dict[IssueKind, int]:
        """Open issues by kind; kinds that were not searched are left out."""
        with self._turn:
            return {kind: int(standing.is_open.sum()) for kind, standing in self._searching.standing.items()}

    def warnings(self, kind: IssueKind | None = None) -> tuple[str, ...]:
        """Sentences about the last search as a whole, or about that for one kind."""
        with self._turn:
            standing = [each for of, each in self._searching.standing.items() if kind in (None, of)]
        found = [warning for each in standing for warning in each.findings.warnings]
        return tuple(dict.fromkeys(found))

    def issues(self, kind: IssueKind | None = None, top: int = 0, rows: Rows | None = None) -> list[Issue]:
        """Open ones, worst first; ``top`` 0 is all, ``rows`` only those about these examples."""
        with self._turn:
            return self._searching.issues([kind] if kind else list(IssueKind), top, rows)

    def issues_of(self, row: int) -> list[Issue]:
        return self.issues(rows=np.array([row], dtype=np.int64))

    def kinds_of(self, rows: Rows) -> tuple[IssueKind, ...]:
        """Kinds of which one of ``rows`` has an open issue."""
        with self._turn:
            standing = self._searching.standing
            return tuple(kind for kind, each in standing.items() if len(each.of(np.unique(rows))))

    def issue_rows(self, kind: IssueKind) -> Rows:
        """Examples with an open issue of a kind, worst first."""
        with self._turn:
            standing = self._searching.standing.get(kind)
            return np.empty(0, dtype=np.int64) if standing is None else standing.findings.rows[standing.open]

    @property
    def suggested(self) -> Codes:
        """The label that each open label issue suggests (n,), -1 elsewhere."""
        with self._turn:
            return self._searching.suggested()

    def scores(self, kind: IssueKind) -> Floats:
        """Of the open issues of a kind (n,), NaN elsewhere."""
        with self._turn:
            return self._searching.scores(kind)

    # the façade calls these in its turn

    def show(self, query: "Query") -> None:
        """Make columns of everything that is known, in a query that is loaded anew."""
        query.expect_columns({each.name.lower(): MEASURE_HINT for each in self.statistics})
        query.expect_columns(dict.fromkeys(self._searching.columns(), SEARCH_HINT))
        self._measuring.show(query)
        self._searching.show(query)

    def follow(self, rows: Rows) -> Followed:
        """After an edit of ``rows``."""
        return self._searching.follow(rows)

    def rewrite(self, query: "Query", followed: Followed | None) -> None:
        """Bring the columns in step with what `follow` found."""
        if followed is not None:
            self._searching.rewrite(query, followed)

    def _measure(self, made_of: Material, job: Progress) -> None:
        if not self._measuring.offered:
            return
        before = self._measuring.known
        if self._measuring.measure(made_of, job) is not before:
            job.check()
            self._measuring.show(self._project.query)
            self._tell(Field.COLUMNS)

    def _embed(self, name: str, made_of: Material, job: Progress) -> Embedding:
        before = self._embeddings.current
        found = self._embeddings.embed(name, made_of, job)
        if before is None or not np.array_equal(before.vectors, found.vectors, equal_nan=True):
            self._tell(Field.EMBEDDING)
        return found

    def _outdated(self) -> str:
        now = searching.made_from(self._project, _called(self._embeddings.current))
        with self._turn:
            return next((why for each in self._searching.made_from if (why := searching.difference(each, now))), "")

    def _edited(self) -> str:
        with self._turn:
            seen = self._searching.made_from
        edited = searching.edited_since(self._project, min((each["edit"] for each in seen), default=0)) if seen else 0
        if edited < max(FEW_EDITS, FEW_SHARE * self._project.count):
            return ""
        return f"Since the search, {edited:,} labels, splits or exclusions were changed."

    def _tell(self, fields: Field) -> None:
        self._project.tell(Change(fields, np.arange(self._project.count)))


def _called(embedding: Embedding | None) -> str:
    return f"{embedding.name} {embedding.version}" if embedding else ""
