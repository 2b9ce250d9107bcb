"""What a project finds out by itself: that it is right, kept, in step with the edits, and robust."""

import csv
import shutil
import threading

import numpy as np
import pytest

import dataimp_gui
from dataimp_gui.core.importing import ImportOptions
from dataimp_gui.core.model import Field, IssueKind, Modality, Role
from dataimp_gui.core.project import Project
from dataimp_gui.errors import Cancelled, DataimpError, ProjectError, QueryError
from dataimp_gui.progress import Progress

CLASSES = ("Bag", "Coat", "Shirt")
COUNT = 600
FLIPPED = tuple(range(5, 600, 10))
TWINS = ((3, 513), (30, 60))  # equal rows: in two splits, and in one with two labels
CACHES = ("issues", "features", "statistics")


def rows(*numbers):
    return np.array(numbers, dtype=np.int64)


def doubted(project, count):
    """The worst label issues, but for the one of the twins."""
    found = project.analysis.issue_rows(IssueKind.LABEL)
    found = found[found != TWINS[1][1]][:count]
    assert len(found) == count
    return found


def right(row):
    return CLASSES[row % 3]


def write(file, heading, lines):
    with file.open("w", newline="") as out:
        csv.writer(out).writerows([heading, *lines])
    return file


@pytest.fixture(scope="session")
def things_folder(tmp_path_factory):
    """A table of 600 things whose width tells the class: some labels are flipped, two pairs of rows are equal, and the
    probabilities of a model know the true class."""
    folder = tmp_path_factory.mktemp("things")
    rng = np.random.default_rng(3)
    lines, said = [], []
    for number in range(COUNT):
        true = number % 3
        label = CLASSES[(true + 1) % 3] if number in FLIPPED else CLASSES[true]
        split = "test" if number >= 500 else "train"
        width, depth = (round(10 * true + 3 * rng.random(), 4) for _ in range(2))
        lines.append([f"{number:03d}", label, split, width, depth])
        likely = 0.1 * rng.dirichlet(np.ones(3))
        likely[true] += 0.9
        said.append([f"{number:03d}", *(round(float(p), 6) for p in likely)])
    for first, second in TWINS:
        lines[second][3:] = lines[first][3:]
    lines[TWINS[1][1]][1] = "Coat"
    files = write(folder / "things.csv", ["id", "label", "split", "width_cm", "depth_cm"], lines)
    runs = write(folder / "run.csv", ["id", *CLASSES], said)
    roles = {"width_cm": Role.METADATA}
    project, _ = Project.create(folder / "things.dataimp", files, ImportOptions(roles=roles, predictions=(runs,)))
    with project:
        project.analysis.find_issues()
    return folder / "things.dataimp"


@pytest.fixture
def things(things_folder, tmp_path):
    """A copy of it, searched; its folder."""
    shutil.copytree(things_folder, tmp_path / "things.dataimp")
    return tmp_path / "things.dataimp"


def test_the_search_finds_wrong_labels_equal_rows_conflicts_and_leaks(things):
    with dataimp_gui.open(things) as project:
        analysis = project.analysis
        assert analysis.is_searched
        assert not analysis.stale
        found = analysis.issue_rows(IssueKind.LABEL).tolist()
        assert len(set(FLIPPED) & set(found)) >= 0.8 * len(FLIPPED)
        assert set(found) <= {*FLIPPED, TWINS[1][1]}
        for row in found[:5]:
            (issue,) = [each for each in analysis.issues_of(row) if each.kind == IssueKind.LABEL]
            assert (issue.id, issue.suggested) == (f"{row:03d}", right(row))
            assert issue.label == project.query.example(row).label != issue.suggested
            assert 0.5 <= issue.severity <= 1
            assert issue.suggested in issue.reason
        pairs = {frozenset((each.row, *each.others)) for each in analysis.issues(IssueKind.DUPLICATE)}
        assert pairs == {frozenset(pair) for pair in TWINS}
        assert set(analysis.issue_rows(IssueKind.CONFLICT).tolist()) & set(TWINS[1])
        assert set(analysis.issue_rows(IssueKind.LEAK).tolist()) & set(TWINS[0])


def test_issues_come_worst_first_and_only_as_many_as_asked_for(things):
    with dataimp_gui.open(things) as project:
        issues = project.analysis.issues()
        severities = [issue.severity for issue in issues]
        assert severities == sorted(severities, reverse=True)
        assert sum(project.analysis.counts().values()) == len(issues)
        assert project.analysis.issues(top=3) == issues[:3]
        one, other = doubted(project, 2).tolist()
        assert {issue.row for issue in project.analysis.issues(rows=rows(one, other))} == {one, other}
        assert project.analysis.kinds_of(rows(other, one)) == (IssueKind.LABEL,)


def test_issues_are_columns_that_follow_edits(things):
    with dataimp_gui.open(things) as project:
        heard = []
        project.listen(heard.append)
        one, *rest = doubted(project, 3).tolist()
        wrong = f"issue_label > 0.5 and suggested = '{right(one)}'"
        assert one in project.rows(wrong)
        project.relabel(rows(one), right(one))
        assert [change.fields for change in heard] == [Field.LABEL, Field.ISSUE]
        assert heard[1].rows.tolist() == [one]
        assert one not in project.rows("issue_label is not null or suggested is not null")
        assert project.analysis.suggested[one] == -1
        assert np.isnan(project.analysis.scores(IssueKind.LABEL)[one])
        project.exclude(rows(*sorted(rest)))
        assert not np.isin(rest, project.rows("issue_label is not null")).any()
        project.undo()
        project.undo()
        assert {one, *rest} <= set(project.rows("issue_label is not null").tolist())
        assert one in project.rows(wrong)


def test_excluding_one_of_a_pair_ends_all_that_is_wrong_with_the_pair(things):
    with dataimp_gui.open(things) as project:
        kinds = (IssueKind.DUPLICATE, IssueKind.LEAK)
        assert all(project.analysis.kinds_of(rows(*TWINS[0])).count(kind) for kind in kinds)
        project.exclude(rows(TWINS[0][1]))
        assert not set(kinds) & set(project.analysis.kinds_of(rows(*TWINS[0])))
        assert project.analysis.counts()[IssueKind.DUPLICATE] == 1


def test_what_is_kept_stays_closed_after_a_restart_and_a_new_search(things):
    with dataimp_gui.open(things) as project:
        kept, relabelled, *others = doubted(project, 4).tolist()
        edit = project.keep(rows(kept), why="It has handles.")
        assert (edit.title, edit.column) == ("Kept 1 with their label", "kept:label")
        project.relabel(rows(relabelled), right(relabelled))
        assert not {kept, relabelled} & set(project.analysis.issue_rows(IssueKind.LABEL).tolist())
    with dataimp_gui.open(things) as project:
        assert not {kept, relabelled} & set(project.rows("issue_label is not null").tolist())
        project.analysis.find_issues()
        found = set(project.analysis.issue_rows(IssueKind.LABEL).tolist())
        assert not {kept, relabelled} & found
        assert set(others) & found
        assert [line.why for line in project.history(f"{kept:03d}")] == ["It has handles."]
        project.keep(rows(kept), IssueKind.LABEL, on=False)
        assert kept in project.analysis.issue_rows(IssueKind.LABEL)


def test_keeping_without_a_kind_is_about_what_is_open_and_is_undone_as_one(things):
    with dataimp_gui.open(things) as project:
        before = project.analysis.counts()
        assert project.keep(rows(70)) is None
        project.keep(rows(*TWINS[0]))
        assert not project.analysis.kinds_of(rows(*TWINS[0]))
        project.undo()
        assert project.analysis.counts() == before
        with pytest.raises(DataimpError, match="nothing to undo"):
            project.undo()


def test_excluded_examples_are_left_out_of_the_search(things):
    with dataimp_gui.open(things) as project:
        one = int(doubted(project, 1)[0])
        project.exclude(rows(one, TWINS[0][0]))
        project.analysis.find_issues()
        project.include(rows(one, TWINS[0][0]))
        assert one not in project.analysis.issue_rows(IssueKind.LABEL)
        assert not set(TWINS[0]) & set(project.analysis.issue_rows(IssueKind.DUPLICATE).tolist())


def test_duplicates_are_compared_again_only_where_something_came_back(things):
    def searched(project):
        phases = set()
        project.analysis.find_issues([IssueKind.DUPLICATE], Progress(lambda report: phases.add(report.phase)))
        found = {frozenset((each.row, *each.others)) for each in project.analysis.issues(IssueKind.DUPLICATE)}
        return "Comparing neighbours" in phases, found

    one, other = (frozenset(pair) for pair in TWINS)
    with dataimp_gui.open(things) as project:
        assert searched(project) == (False, {one, other})
        project.relabel(rows(*TWINS[0]), "Coat")
        project.exclude(rows(TWINS[0][0]))
        assert searched(project) == (False, {other})
        shutil.rmtree(things / "cache" / "issues")
        assert searched(project) == (True, {other})
        project.include(rows(TWINS[0][0]))
        assert searched(project) == (True, {one, other})


def test_a_search_of_some_kinds_leaves_the_others_as_they_are(things):
    with dataimp_gui.open(things) as project:
        before = project.analysis.counts()
        project.exclude(rows(*FLIPPED))
        project.analysis.find_issues([IssueKind.DUPLICATE])
        project.undo()
        assert project.analysis.counts() == before


def test_a_new_run_and_many_edits_make_the_search_stale(things, tmp_path):
    with dataimp_gui.open(things) as project:
        everything = np.arange(COUNT)
        project.relabel(everything[:9], "Bag")
        assert not project.analysis.stale
        project.relabel(everything[:60], "Coat")
        assert "labels, splits or exclusions were changed" in project.analysis.stale
        assert not project.analysis.is_stale
        project.undo()
        project.undo()
        lines = [[f"{number:03d}", *np.roll([0.9, 0.05, 0.05], number % 3)] for number in range(COUNT)]
        project.add_run(write(tmp_path / "other.csv", ["id", *CLASSES], lines))
        assert project.analysis.is_stale
        assert "other predictions" in project.analysis.stale
        project.analysis.find_issues()
        assert not project.analysis.stale


@pytest.mark.parametrize("name", CACHES)
def test_the_cache_can_be_deleted_at_any_time(things, name):
    with dataimp_gui.open(things) as project:
        before = project.analysis.issues()
    shutil.rmtree(things / "cache" / name, ignore_errors=True)
    with dataimp_gui.open(things) as project:
        if name == "issues":
            assert not project.analysis.is_searched
            with pytest.raises(QueryError, match="There is no issue_label yet") as told:
                project.rows("issue_label > 0.5")
            assert "dataimp issues" in told.value.hint
        project.analysis.find_issues()
        assert project.analysis.issues() == before


@pytest.mark.parametrize("damage", ["cut", "noise", "empty", "other"])
def test_a_damaged_cache_is_as_good_as_none(things, damage):
    files = [file for file in (things / "cache").rglob("*") if file.is_file() and file.suffix == ".npz"]
    assert files
    for file in files:
        content = file.read_bytes()
        other = files[0].read_bytes() if file != files[0] else content[:100]
        file.write_bytes(
            {"cut": content[: len(content) // 2], "noise": b"\x93" * 99, "empty": b"", "other": other}[damage]
        )
    with dataimp_gui.open(things) as project:
        project.query.columns()
        project.analysis.find_issues()
        assert set(doubted(project, 5).tolist()) <= set(FLIPPED)


def test_a_read_only_project_keeps_what_it_finds_to_itself(things):
    shutil.rmtree(things / "cache")
    with dataimp_gui.open(things, read_only=True) as project:
        project.analysis.find_issues()
        assert set(doubted(project, 5).tolist()) <= set(project.rows("issue_label is not null").tolist())
        with pytest.raises(ProjectError, match="read-only"):
            project.keep(rows(5), IssueKind.LABEL)
    assert not (things / "cache").exists() or not [f for f in (things / "cache").rglob("*") if f.is_file()]


def test_keeping_is_no_content_of_a_version(things):
    with dataimp_gui.open(things) as project:
        content = project.commit("As it came").version.content
        one = doubted(project, 1)
        project.keep(one, IssueKind.LABEL)
        with pytest.raises(DataimpError, match="Nothing changed since v1"):
            project.commit("Kept one")
        project.relabel(one, right(int(one[0])))
        assert project.commit("Relabelled one").version.content != content


def test_the_map_is_kept_with_the_embedding(things):
    with dataimp_gui.open(things) as project:
        assert project.analysis.known_projection is None
        steps = []
        found = project.analysis.projection(on_step=steps.append)
        assert found.shape == (COUNT, 2)
        assert len(steps) > 1
        np.testing.assert_allclose(found[TWINS[0][0]], found[TWINS[0][1]], atol=0.1 * np.ptp(found))
    with dataimp_gui.open(things) as project:
        np.testing.assert_array_equal(project.analysis.known_projection, found)
        project.analysis.embed_columns(["width_cm"], "wide")
        assert project.analysis.known_projection is None
    shutil.rmtree(things / "cache")
    with dataimp_gui.open(things) as project:
        assert project.analysis.known_projection is None
        with pytest.raises(DataimpError, match="no embedding"):
            project.analysis.projection()


def test_a_search_that_is_cancelled_leaves_what_was_found_before(things):
    with dataimp_gui.open(things) as project:
        before = project.analysis.issues()
        project.exclude(rows(*FLIPPED))
        project.undo()
        progress = Progress(lambda report: progress.cancel())
        with pytest.raises(Cancelled):
            project.analysis.find_issues(progress=progress)
        assert project.analysis.issues() == before


def test_closing_while_a_search_runs_ends_it(things):
    project = dataimp_gui.open(things)
    begun, closed, ended = threading.Event(), threading.Event(), []

    def report(_):
        begun.set()
        closed.wait(20)

    def search():
        try:
            project.analysis.find_issues(progress=Progress(report))
        except BaseException as error:
            ended.append(error)

    thread = threading.Thread(target=search)
    thread.start()
    assert begun.wait(20)
    project.close()
    closed.set()
    thread.join(20)
    assert [type(error) for error in ended] == [Cancelled]
    with dataimp_gui.open(things) as again:
        assert again.analysis.is_searched


def test_edits_during_a_search_are_seen_by_what_it_finds(things):
    with dataimp_gui.open(things) as project:
        one, done = int(doubted(project, 1)[0]), []

        def report(_):
            if not done:
                done.append(project.relabel(rows(one), right(one)))

        project.analysis.find_issues(progress=Progress(report))
        assert done[0].count == 1
        assert one not in project.analysis.issue_rows(IssueKind.LABEL)
        assert one not in project.rows("issue_label is not null")


def test_similar_examples_are_near_in_what_the_columns_say(things):
    with dataimp_gui.open(things) as project:
        near, cosines = project.analysis.similar(rows(TWINS[0][0]), 5)
        assert near[0] == TWINS[0][1]
        assert cosines[0] == pytest.approx(1)
        assert (np.diff(cosines) <= 0).all()
        assert TWINS[0][0] not in near
        assert project.analysis.similar(rows(0), 10_000)[0].shape == (COUNT - 1,)


def test_vectors_can_be_made_of_chosen_columns(things):
    with dataimp_gui.open(things) as project:
        made = project.analysis.embed_columns(["width_cm"], "wide")
        assert (made.name, len(made.vectors)) == ("wide", COUNT)
        near = project.analysis.similar(rows(0), 40)[0]
        assert set((near % 3).tolist()) <= {0}
        with pytest.raises(DataimpError, match="No column is called size"):
            project.analysis.embed_columns(["size"])
        with pytest.raises(DataimpError, match="no list of numbers"):
            project.analysis.embed_columns(["id"])
        assert project.analysis.is_stale
    with dataimp_gui.open(things) as project:
        assert project.analysis.embedding.name == "wide"
        project.analysis.use_embedding("columns")
        assert project.analysis.embedding.name == "columns"
        with pytest.raises(DataimpError, match='no embedding "deep"'):
            project.analysis.use_embedding("deep")


def test_a_column_of_lists_is_taken_as_vectors(tmp_path):
    listed = [[f"{n}", "ab"[n % 2], f"[{n % 2}, {1 - n % 2}, 0.{n:03d}]"] for n in range(100)]
    listed[7][2] = ""
    source = write(tmp_path / "d.csv", ["id", "label", "vector"], listed)
    with Project.create(tmp_path / "p.dataimp", source, ImportOptions(modality=Modality.TABLE))[0] as project:
        made = project.analysis.embed_columns(["vector"])
        assert made.vectors.shape == (100, 3)
        assert np.flatnonzero(~made.has_vector).tolist() == [7]
        near = project.analysis.similar(rows(0), 5)[0]
        assert set((near % 2).tolist()) == {0}


def test_the_guide_is_kept_with_the_project(things):
    with dataimp_gui.open(things) as project:
        assert project.guide() == ""
        project.set_guide("A bag has handles.\nA coat opens in front.")
    with dataimp_gui.open(things, read_only=True) as project:
        assert project.guide() == "A bag has handles.\nA coat opens in front."
        with pytest.raises(ProjectError, match="read-only"):
            project.set_guide("")
