"""All detectors run on one evidence, in order of worth, and installed ones join in."""

from importlib import metadata

import numpy as np
import pytest
from issue_evidence import directions, evidence, with_twins

from dataimp_gui.core.issues import DETECTORS, find, near
from dataimp_gui.core.issues.findings import ranked
from dataimp_gui.core.model import IssueKind, Modality
from dataimp_gui.errors import Cancelled
from dataimp_gui.progress import Progress

NOT_LABEL = [kind for kind in IssueKind if kind is not IssueKind.LABEL]


def test_every_kind_has_a_detector_with_a_title_and_a_fix():
    assert set(DETECTORS) == set(IssueKind)
    assert all(row.title and row.about and row.fix in ("relabel", "exclude", "look") for row in DETECTORS.values())


def test_findings_are_worst_first_whole_and_of_one_a_row():
    vectors = with_twins(600, [(3, 500), (40, 41)])
    labels = np.arange(600, dtype=np.int32) % 3
    given = evidence(
        600,
        embedding=vectors,
        labels=labels,
        splits=(np.arange(600) % 2).astype(np.int32),
        split_names=("train", "test"),
        statistics={"brightness": np.linspace(0, 1, 600)},
    )
    found = find(given, NOT_LABEL, Progress())
    assert list(found) == [kind for kind in DETECTORS if kind in NOT_LABEL]
    for kind, findings in found.items():
        assert findings.kind is kind
        assert findings.fix == DETECTORS[kind].fix
        assert len(set(findings.rows.tolist())) == len(findings) == len(findings.reasons) == len(findings.starts) - 1
        assert (np.diff(findings.score) <= 0).all()
        assert ((findings.score >= 0) & (findings.score <= 1) & (findings.severity >= 0)).all()
        assert all(reason.endswith(".") for reason in findings.reasons)
    assert set(found[IssueKind.DUPLICATE].rows.tolist()) == {500, 40}  # 41 and 3 are in test


@pytest.mark.parametrize("modality", list(Modality))
@pytest.mark.parametrize("count", [0, 1, 2, 5])
def test_nothing_known_of_few_examples_finds_nothing(modality, count):
    found = find(evidence(count, modality), NOT_LABEL, Progress())
    assert all(len(findings) == 0 for findings in found.values())


def test_pairs_are_sought_once_for_all_that_start_from_them(monkeypatch):
    calls = []

    def counted(*arguments):
        calls.append(arguments)
        return near(*arguments)

    monkeypatch.setattr("dataimp_gui.core.issues.near", counted)
    for module in ("duplicate", "conflict", "leak"):
        monkeypatch.setattr(f"dataimp_gui.core.issues.{module}.near", counted)
    given = evidence(
        600, embedding=directions(600), splits=(np.arange(600) % 2).astype(np.int32), split_names=("a", "b")
    )
    find(given, NOT_LABEL, Progress())
    assert len(calls) == 1


class Loud:
    """An installed detector that finds the medium of row 2 too loud."""

    KIND = IssueKind.MEDIA

    @staticmethod
    def detect(evidence, progress):
        return ranked(
            IssueKind.MEDIA, "look", np.array([2]), score=[0.99], severity=[0.9], reasons=["It is far too loud."]
        )


def test_an_installed_detector_joins_those_of_its_kind(monkeypatch):
    class Point:
        name = "loud"

        def load(self):
            return Loud

    monkeypatch.setattr(metadata, "entry_points", lambda group: [Point()] if group == "dataimp.issues" else [])
    given = evidence(300, failed={2: "It is damaged.", 5: "It is damaged."})
    found = find(given, [IssueKind.MEDIA], Progress())[IssueKind.MEDIA]
    assert found.rows.tolist() == [2, 5]
    assert "damaged" in found.reasons[0]  # the worse of two about one example
    quiet = find(evidence(300), [IssueKind.MEDIA, IssueKind.OUTLIER], Progress())
    assert quiet[IssueKind.MEDIA].reasons == ["It is far too loud."]
    assert len(quiet[IssueKind.OUTLIER]) == 0


def test_cancel_ends_the_search():
    progress = Progress()
    progress.cancel()
    with pytest.raises(Cancelled):
        find(evidence(50), NOT_LABEL, progress)
