"""Which words speak for a prediction, learned from runs whose reasons are known."""

import numpy as np
import pytest

from dataimp_gui.core.features import text_surrogate
from dataimp_gui.core.importing import ImportOptions, import_dataset
from dataimp_gui.core.project import Project
from dataimp_gui.errors import Cancelled, DataimpError
from dataimp_gui.progress import Progress

SPAM, HAM, NEWS = 0, 1, 2
FILLER = ["the", "of", "and", "to", "we", "you", "it", "on", "at", "for", "with", "this", "that", "from"]
REASON = {SPAM: "Prize", HAM: "lunch", NEWS: "minister"}


def made(count=600, seed=0):
    """Texts of idle words, each with the one that the run goes by, and what it predicts."""
    rng = np.random.default_rng(seed)
    codes = rng.integers(0, 3, count).astype(np.int32)
    texts = []
    for code in codes.tolist():
        words = rng.choice(FILLER, 8).tolist()
        words.insert(int(rng.integers(0, 8)), REASON[code])
        texts.append(" ".join(words))
    return texts, codes


def test_the_word_that_the_run_goes_by_speaks_for_it_and_that_of_another_class_against():
    texts, codes = made()
    model = text_surrogate.fit(texts, codes)
    text = "we won a PRIZE at lunch, and the prize is 😀 this"
    found = {text[each.start : each.end].lower(): each.weight for each in model.speaking(text, SPAM)}
    assert max(found, key=found.get) == "prize"
    assert min(found, key=found.get) == "lunch"
    assert found["lunch"] < 0 < found["prize"]
    assert abs(found["this"]) < found["prize"] / 5
    assert "won" not in found  # a word that it never met says nothing
    places = [(each.start, each.end) for each in model.speaking(text, SPAM)]
    assert places == sorted(places)


def test_agreement_is_told_of_texts_that_were_not_fitted():
    texts, codes = made()
    model = text_surrogate.fit(texts, codes)
    assert model.judged == 150
    assert model.agreement > 0.97
    assert model.guessing < 0.5
    shuffled = np.random.default_rng(1).permutation(codes)
    assert text_surrogate.fit(texts, shuffled).agreement < 0.5  # it could learn these by heart, and says that it is bad


def test_rare_labels_count_as_one_and_are_not_explained(monkeypatch):
    monkeypatch.setattr(text_surrogate, "CLASSES", 2)
    texts, codes = made()
    codes[codes == NEWS] = np.arange(np.count_nonzero(codes == NEWS), dtype=np.int32) + 10
    model = text_surrogate.fit(texts, codes)
    assert model.codes == (SPAM, HAM)
    assert model.agreement > 0.97
    assert model.speaking("minister", 10) == []


def test_too_few_predictions_are_refused_and_no_prediction_or_text_is_left_out():
    texts, codes = made(19)
    with pytest.raises(DataimpError, match="too few predictions"):
        text_surrogate.fit(texts, codes)
    with pytest.raises(DataimpError, match="too few predictions"):
        text_surrogate.fit(["same words"] * 100, np.zeros(100, np.int32))
    with pytest.raises(DataimpError, match="share no words"):
        text_surrogate.fit(["?!"] * 100, np.arange(100, dtype=np.int32) % 2)
    texts, codes = made(400)
    model = text_surrogate.fit([*texts, "", "minister"], np.append(codes, [HAM, -1]).astype(np.int32))
    assert model.judged == 100


def test_it_can_be_cancelled():
    progress = Progress()
    progress.cancel()
    with pytest.raises(Cancelled):
        text_surrogate.fit(*made(), progress)


def test_a_project_learns_once_a_run_and_tells_what_is_predicted(tmp_path):
    texts, codes = made(200)
    names = ["spam", "ham", "news"]
    lines = [f"{n},{text},{names[code]},{names[code]}" for n, (text, code) in enumerate(zip(texts, codes, strict=True))]
    (tmp_path / "t.csv").write_text("id,text,label,x\n" + "\n".join(lines) + "\n")
    said = [f"{n},{names[code]}" for n, code in enumerate(codes)]
    (tmp_path / "run.csv").write_text("id,predicted\n" + "\n".join(said) + "\n")
    options = ImportOptions(predictions=(tmp_path / "run.csv",))
    import_dataset(tmp_path / "t.csv", tmp_path / "t.dataimp", options, Progress())
    with Project.open(tmp_path / "t.dataimp") as project:
        speaking = project.analysis.speaking
        assert speaking.known is None
        model, predicted, words = speaking.words(3)
        assert predicted == names[codes[3]]
        strongest = max(words, key=lambda each: each.weight)
        assert texts[3][strongest.start : strongest.end] == REASON[int(codes[3])]
        assert speaking.known is model
        assert speaking.learn() is model
