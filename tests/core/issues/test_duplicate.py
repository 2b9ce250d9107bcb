"""Each example that is there again is found once, the best copy stays, and what is merely alike is left alone."""

from dataclasses import replace

import numpy as np
import pytest
from issue_evidence import crop, directions, evidence, jpeg, photo, png, unit, with_twins

from dataimp_gui.core.issues.alike import near
from dataimp_gui.core.issues.duplicate import detect
from dataimp_gui.core.media import signature
from dataimp_gui.core.model import Modality
from dataimp_gui.errors import Cancelled
from dataimp_gui.progress import Progress


def pairs(findings):
    """Each found example with the ones it repeats."""
    spans = zip(findings.starts[:-1], findings.starts[1:], strict=True)
    return {
        int(row): set(findings.others[start:end].tolist())
        for row, (start, end) in zip(findings.rows, spans, strict=True)
    }


def signed(pictures):
    found = [signature.picture(each) for each in pictures]
    return {
        "signatures": np.array([each or 0 for each in found], np.uint64),
        "has_signature": np.array([each is not None for each in found]),
    }


def test_equal_media_are_found_with_certainty_and_the_first_one_stays():
    content = np.array([5, 6, 5, -1, -1, 5, 7])
    findings = detect(evidence(7, content=content), Progress())
    assert pairs(findings) == {2: {0, 5}, 5: {0, 2}}
    assert findings.others[findings.starts[0]] == 0  # the one to keep comes first
    assert findings.severity.tolist() == [1.0, 1.0]
    assert findings.reasons[0] == "It is equal to 2 other examples."
    assert findings.fix == "exclude"


def test_unknown_content_is_equal_to_nothing():
    assert len(detect(evidence(4, content=np.full(4, -1)), Progress())) == 0


def test_twins_among_vectors_are_found_and_nothing_else():
    twins = [(3, 500), (40, 41), (700, 9)]
    findings = detect(evidence(800, embedding=with_twins(800, twins)), Progress())
    assert {frozenset((row, *others)) for row, others in pairs(findings).items()} == {frozenset(pair) for pair in twins}
    assert findings.rows.min() > 8  # the earlier one of each pair stays
    assert findings.severity.min() > 0.8


@pytest.mark.parametrize("dims", [4, 16, 64])
def test_the_nearest_of_unlike_vectors_are_no_duplicates(dims):
    for seed in range(3):
        assert len(detect(evidence(1500, embedding=directions(1500, dims, seed)), Progress())) == 0


def test_dense_clusters_of_unlike_examples_are_no_duplicates():
    generator = np.random.default_rng(0)
    centres = directions(5, 16)
    wide = np.array([0.02, 0.05, 0.1, 0.2, 0.4])  # the closest of one cluster are far closer than those of another
    group = np.arange(1500) % 5
    vectors = unit(centres[group] + wide[group][:, None] * generator.normal(size=(1500, 16)))
    assert len(detect(evidence(1500, embedding=vectors), Progress())) <= 3


def test_many_copies_of_one_example_are_one_group():
    vectors = directions(600)
    vectors[100:140] = unit(vectors[100] + 0.02 * directions(40, seed=3))
    findings = detect(evidence(600, embedding=vectors), Progress())
    assert set(findings.rows.tolist()) == set(range(101, 140))


@pytest.mark.parametrize(
    "vectors",
    [
        np.ones((500, 8), np.float32),
        np.zeros((500, 8), np.float32),
        np.full((500, 8), np.nan, np.float32),
        np.ones((1, 8), np.float32),
        np.ones((2, 8), np.float32),
        np.ones((5, 8), np.float32),
        np.eye(8, dtype=np.float32),
        np.zeros((0, 8), np.float32),
        np.zeros((50, 0), np.float32),
    ],
    ids=["constant", "zero", "nan", "one", "two", "five equal", "few", "none", "no dimensions"],
)
def test_vectors_that_tell_nothing_apart_make_no_duplicates(vectors):
    assert len(detect(evidence(len(vectors), embedding=vectors), Progress())) == 0


def test_two_equal_vectors_among_few_are_found():
    vectors = directions(6)
    vectors[4] = vectors[1]
    assert pairs(detect(evidence(6, embedding=vectors), Progress())) == {4: {1}}


def test_some_examples_without_a_vector_do_not_hide_the_others():
    vectors = with_twins(600, [(3, 500)])
    vectors[::7] = np.nan
    vectors[[3, 500]] = with_twins(600, [(3, 500)])[[3, 500]]
    assert pairs(detect(evidence(600, embedding=vectors), Progress())) == {500: {3}}


def test_pictures_saved_again_are_found_by_signature_alone():
    shown = [photo(seed) for seed in range(120)]
    shown += [jpeg(shown[at], 30) for at in range(10)]
    findings = detect(evidence(130, **signed(shown)), Progress())
    assert pairs(findings) == {120 + at: {at} for at in range(10)}
    assert "size, compression or brightness" in findings.reasons[0]


def test_like_signatures_of_small_drawings_are_no_duplicates():
    generator = np.random.default_rng(0)
    # as of digits of 28 pixels: few of the bits are free, so that many of 3,000 agree by chance
    base = np.uint64(0x0F0F33CC55AA1234)
    free = generator.integers(0, 2**16, 3000).astype(np.uint64) | (generator.integers(0, 2, 3000) << 40).astype(
        np.uint64
    )
    found = near(evidence(3000, signatures=base ^ free, has_signature=np.ones(3000, np.bool_)), Progress())
    assert np.count_nonzero(found.likely >= 0.5) == 0


@pytest.mark.parametrize(("changed", "believed"), [(0b1, True), (0b1010101010101, False)])
def test_where_vectors_are_far_apart_only_a_very_like_signature_is_believed(changed, believed):
    vectors = directions(600)
    signatures = np.random.default_rng(1).integers(0, 2**63, 600).astype(np.uint64)
    signatures[9] = signatures[7] ^ np.uint64(changed)
    findings = detect(
        evidence(600, embedding=vectors, signatures=signatures, has_signature=np.ones(600, np.bool_)), Progress()
    )
    assert (9 in findings.rows) == believed


def test_signature_and_vector_together_find_what_neither_is_sure_of():
    twins = [(at, 300 + at) for at in range(6)]
    vectors = with_twins(600, twins, apart=0.7)
    signatures = np.random.default_rng(1).integers(0, 2**63, 600).astype(np.uint64)
    for one, other in twins:
        signatures[other] = signatures[one] ^ np.uint64(0b1000100010001)
    both = evidence(600, embedding=vectors, signatures=signatures, has_signature=np.ones(600, np.bool_))
    found = set(detect(both, Progress()).rows.tolist())
    assert {other for _, other in twins} <= found
    assert len(found) <= len(twins) + 1
    assert len(detect(replace(both, signatures=None, has_signature=None), Progress())) < 3


def test_a_crop_is_told_from_a_likeness_by_its_pictures():
    shown = [photo(seed, 120, 160) for seed in range(60)]
    shown += [crop(shown[at], 0.85) for at in range(5)] + [photo(900 + at, 120, 160) for at in range(5)]
    # vectors that find five crops and five other pictures as near to the first: only a look can tell them apart
    vectors = with_twins(70, [(at, 60 + at) for at in range(5)] + [(at, 65 + at) for at in range(5)], apart=0.5)
    given = evidence(70, embedding=vectors, **signed(shown))
    assert set(detect(given, Progress()).rows.tolist()) != set(range(60, 65))
    seen = detect(replace(given, sources=[png(each) for each in shown]), Progress())
    assert set(seen.rows.tolist()) == set(range(60, 65))
    assert seen.reasons[0] == "It shows the same view as another example, perhaps cut or turned."


LONG = "The quick brown fox jumps over the lazy dog while {} people watch it from the bridge."


def test_texts_are_compared_by_their_words():
    texts = [
        "Hello,  WORLD, how are you?",
        "hello world how are you",
        LONG.format("seven"),
        LONG.format("seven") + " Yes!",
        LONG.format(17),
        LONG.format(95),
        "Something else entirely, about nothing that came before it at all.",
        "",
        "",
        "ok",
        "no",
    ]
    findings = detect(evidence(len(texts), Modality.TEXT, texts=texts), Progress())
    assert pairs(findings)[1] == {0}
    assert {3, 5} <= set(findings.rows.tolist())
    assert not {6, 7, 8, 9, 10} & set(findings.rows.tolist())
    assert findings.reasons[0].startswith("It says")


def test_texts_that_share_half_of_their_words_are_no_duplicates():
    words = ["".join(map(chr, 97 + np.random.default_rng(at).integers(0, 26, 6))) for at in range(16)]
    generator = np.random.default_rng(0)
    texts = [" ".join(generator.permutation(words)[:10]) for _ in range(400)]
    assert len(detect(evidence(400, Modality.TEXT, texts=texts), Progress())) == 0


def test_excluded_examples_are_not_reported_and_not_repeated():
    excluded = np.array([True, False, False, False])
    findings = detect(evidence(4, content=np.array([1, 1, 1, 2]), excluded=excluded), Progress())
    assert pairs(findings) == {2: {1}}
    gone = evidence(4, content=np.ones(4, np.int64), excluded=np.ones(4, np.bool_))
    assert len(detect(gone, Progress())) == 0


def test_the_copy_that_stays_is_reviewed_then_held_out_then_larger():
    content = np.array([1, 1, 1, 2, 2, 2, 3, 3, 3])
    findings = detect(
        evidence(
            9,
            content=content,
            reviewed=np.arange(9) == 1,
            splits=np.array([0, 0, 1, 0, 1, 0, 0, 0, 0], np.int32),
            split_names=("train", "test"),
            statistics={"width": np.arange(9) * 10.0, "height": np.full(9, 5.0)},
        ),
        Progress(),
    )
    assert sorted(set(range(9)) - set(findings.rows.tolist())) == [1, 4, 8]


def test_a_crowd_of_equal_examples_names_a_dozen_of_them():
    findings = detect(evidence(5000, content=np.zeros(5000, np.int64)), Progress())
    assert len(findings) == 4999
    assert np.diff(findings.starts).max() == 12
    assert (findings.others[findings.starts[:-1]] == 0).all()


def test_it_can_be_cancelled():
    progress = Progress()
    progress.cancel()
    with pytest.raises(Cancelled):
        detect(evidence(600, embedding=directions(600)), progress)
