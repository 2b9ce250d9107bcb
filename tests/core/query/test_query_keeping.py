"""What is kept for the next question: as much as fits, and nothing that has changed."""

import numpy as np

from dataimp_gui.core.query.keeping import Kept


def test_what_was_made_is_given_again_until_its_stamp_changes():
    kept, made = Kept(), []

    def make():
        made.append(len(made))
        return np.full(4, made[-1]), f"the {len(made)}."

    assert [kept.get(("a",), stamp, make)[1] for stamp in (0, 0, 1, 1)] == ["the 1.", "the 1.", "the 2.", "the 2."]
    assert kept.get(("b",), 1, make)[0].tolist() == [2, 2, 2, 2]


def test_arrays_that_nobody_asked_for_the_longest_make_room():
    kept, made = Kept(most_bytes=3000), []

    def ask(name):
        def make():
            made.append(name)
            return np.zeros(1000, dtype=np.uint8), None

        kept.get((name,), 0, make)

    for name in "abcabdcbda":
        ask(name)
    assert "".join(made) == "abcdca"


def test_an_array_that_is_too_large_to_keep_is_given_all_the_same():
    kept = Kept(most_bytes=10)
    for _ in range(2):
        assert len(kept.get(("a",), 0, lambda: (np.zeros(1000), "whole"))[0]) == 1000
