import hashlib
import json
import threading

import msgspec
import numpy as np
import pytest
import soundfile
from onnx_models import FLOAT, INT64, field, ints, mean_colour, model, node, number, value_info, weights

from dataimp_gui import resources
from dataimp_gui.core.contract import Limits
from dataimp_gui.core.features.embedders import embed
from dataimp_gui.core.features.onnx import Preprocessing, audio_input, image_input, open_session, run
from dataimp_gui.core.features.onnx_file import external_files, from_onnx
from dataimp_gui.core.features.onnx_text import pieces
from dataimp_gui.core.model import Modality
from dataimp_gui.errors import FormatError

PLAIN = Preprocessing(size=(8, 8), mean=(0.0,), std=(1.0,))


def png(pixels):
    import cv2

    return cv2.imencode(".png", np.ascontiguousarray(pixels[:, :, ::-1]))[1].tobytes()


def plain(colour, height=12, width=20):
    return np.full((height, width, 3), colour, np.uint8)


@pytest.fixture
def write(tmp_path):
    def write(data, name="model.onnx"):
        path = tmp_path / name
        path.write_bytes(data)
        return path

    return write


def test_a_model_looks_at_each_picture_and_its_output_is_the_vector(write, tmp_path):
    embedder = from_onnx(write(mean_colour()), Modality.IMAGE, PLAIN)
    assert embedder.dims == 3
    found = embed(embedder, [png(plain((30, 60, 60))), b"no picture", png(plain((0, 0, 200)))], tmp_path / "kept")
    assert np.allclose(found.vectors[0], [1 / 3, 2 / 3, 2 / 3], atol=1e-6)
    assert np.allclose(found.vectors[2], [0, 0, 1], atol=1e-6)
    assert np.isnan(found.vectors[1]).all()
    assert "no image" in found.missing[1]
    assert (found.name, found.version) == ("model", embedder.version)


def test_the_description_beside_the_model_is_followed(write):
    path = write(mean_colour(("n", 8, 8, 3), (1, 2)))
    write(msgspec.json.encode({"size": [8, 8], "layout": "NHWC", "mean": [0], "std": [255]}), "model.json")
    first = from_onnx(path, Modality.IMAGE)
    write(msgspec.json.encode({"size": [8, 8], "layout": "NHWC", "mean": [0], "std": [128]}), "model.json")
    assert from_onnx(path, Modality.IMAGE).version != first.version  # other input, other vectors


@pytest.mark.parametrize(
    "text", ['{"size": 8}', '{"colour": "RGB"}', '{"std": [0]}', '{"layout": "NWHC"}', '{"mean": [1, 2]}', "[1", ""]
)
def test_a_description_that_cannot_be_followed_is_refused_with_its_name(write, text):
    path = write(mean_colour())
    write(text.encode(), "model.json")
    with pytest.raises(FormatError, match=r"model\.json"):
        from_onnx(path, Modality.IMAGE)


def test_pictures_are_cut_squashed_or_padded_and_scaled_as_described():
    picture = plain((0, 0, 0), 8, 16)
    picture[:, 4:12] = (100, 50, 10)
    data, limits = png(picture), Limits()
    cut = image_input(data, PLAIN, limits)
    assert cut.shape == (3, 8, 8)
    assert np.allclose(cut, np.array([100, 50, 10])[:, None, None])  # the middle square
    squashed = image_input(data, msgspec.structs.replace(PLAIN, resize="squash"), limits)
    assert np.allclose(squashed[0, :, 0], 0, atol=1)
    assert np.allclose(squashed[0, :, 3:5], 100, atol=1)
    padded = image_input(data, msgspec.structs.replace(PLAIN, resize="pad", mean=(7.0,), std=(2.0,)), limits)
    assert np.allclose(padded[:, :2], 0)  # the border has the value that the model takes for nothing
    assert np.allclose(padded[:, 4, 4], (np.array([100, 50, 10]) - 7) / 2)
    turned = image_input(data, msgspec.structs.replace(PLAIN, channels="BGR", layout="NHWC"), limits)
    assert turned.shape == (8, 8, 3)
    assert np.allclose(turned[4, 4], [10, 50, 100])
    grey = image_input(data, msgspec.structs.replace(PLAIN, channels="grey"), limits)
    assert grey.shape == (1, 8, 8)
    assert np.allclose(grey[0, 4, 4], 0.299 * 100 + 0.587 * 50 + 0.114 * 10, atol=0.01)


def test_sounds_come_at_the_rate_and_length_that_are_described(tmp_path):
    rate = 22_050
    soundfile.write(tmp_path / "a.wav", np.sin(2 * np.pi * 440 * np.arange(rate) / rate) * 0.5, rate)
    how = Preprocessing(sample_rate=16_000, seconds=1.5)
    heard = audio_input(str(tmp_path / "a.wav"), how, Limits())
    assert heard.shape == (24_000,)
    assert np.abs(heard[16_100:]).max() == 0  # silence after its end
    spectrum = np.abs(np.fft.rfft(heard[:16_000]))
    assert spectrum.argmax() == 440


def test_a_sound_model_runs(write, tmp_path):
    loudness = node("ReduceL2", ["sound"], ["loud"], ints("axes", (1,)) + number("keepdims", 1))
    both = node("Concat", ["loud", "loud"], ["vector"], number("axis", 1))
    path = write(model([loudness, both], [value_info("sound", (1, "t"))], [value_info("vector", (1, 2))]))
    soundfile.write(tmp_path / "a.wav", np.full(800, 0.25), 8000)
    found = embed(from_onnx(path, Modality.AUDIO), [tmp_path / "a.wav"], tmp_path / "kept")
    assert np.allclose(found.vectors, [[0.5**0.5, 0.5**0.5]])


def test_weights_outside_of_the_folder_are_refused(write, tmp_path):
    scaled = node("Mul", ["image", "scale"], ["out"])
    for location, said in (
        ("../secret.bin", "outside"),
        ("/etc/hostname", "outside"),
        ("sub/../../x", "outside"),
        ("absent.bin", "is missing"),
    ):
        constants = [weights("scale", [2.0], location)]
        path = write(model([scaled], [value_info("image", (1, 3, 8, 8))], [value_info("out", (1, 3, 8, 8))], constants))
        with pytest.raises(FormatError, match=said):
            from_onnx(path, Modality.IMAGE, PLAIN)


def test_external_weights_are_found_wherever_they_hide():
    hidden = weights("deep", [1.0], "deep.bin")[2:]  # the tensor without its tag and length
    attribute = field(5, field(1, "value") + field(5, hidden) + field(20, 4))
    inner = field(1, field(4, "Constant") + field(2, "c") + attribute)
    branch = field(5, field(1, "then_branch") + field(6, inner) + field(20, 5))
    assert external_files(model([node("If", ["x"], ["y"], branch)], [], [])) == ["deep.bin"]


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"", "0 bytes"),
        (b"just some text that is no model", "no ONNX model"),
        (mean_colour()[:-30], "no ONNX model"),
        (field(1, 8), "no ONNX model"),
        (b"\xff" * 400, "no ONNX model"),
    ],
)
def test_what_is_no_onnx_model_is_refused_in_a_sentence(write, data, said):
    with pytest.raises(FormatError, match=said):
        from_onnx(write(data), Modality.IMAGE, PLAIN)


def test_a_model_that_does_not_fit_is_refused_with_the_reason(write):
    image, vector = value_info("image", (1, 3, 8, 8)), value_info("vector", (1, 3))
    pooling = ints("axes", (2, 3)) + number("keepdims", 0)
    same = node("Identity", ["image"], ["out"])
    cases = {
        "custom": model([node("Magic", ["image"], ["vector"], domain="mine")], [image], [vector], domain="mine"),
        "not one vector": model([same], [image], [value_info("out", (1, 3, 8, 8))]),
        "2 dimensions": model([node("Identity", ["x"], ["y"])], [value_info("x", (1, 3))], [value_info("y", (1, 3))]),
        "2 inputs": model(
            [node("Add", ["image", "other"], ["out"])],
            [image, value_info("other", (1, 3, 8, 8))],
            [value_info("out", (1, 3, 8, 8))],
        ),
        "not finite": model(
            [node("Log", ["image"], ["log"]), node("ReduceMean", ["log"], ["vector"], pooling)], [image], [vector]
        ),
    }
    said = {"custom": "cannot be run"}
    for case, data in cases.items():
        with pytest.raises(FormatError, match=said.get(case, case)):
            from_onnx(write(data), Modality.IMAGE, PLAIN)


def test_an_output_can_be_named_and_one_that_is_not_there_is_refused(write):
    pooling = ints("axes", (2, 3)) + number("keepdims", 0)
    nodes = [node("ReduceMean", ["image"], ["mean"], pooling), node("Neg", ["mean"], ["negative"])]
    outputs = [value_info("mean", (1, 3)), value_info("negative", (1, 3))]
    path = write(model(nodes, [value_info("image", (1, 3, 8, 8))], outputs))
    assert from_onnx(path, Modality.IMAGE, msgspec.structs.replace(PLAIN, output="negative")).dims == 3
    with pytest.raises(FormatError, match='no output "logits"') as caught:
        from_onnx(path, Modality.IMAGE, msgspec.structs.replace(PLAIN, output="logits"))
    assert "mean, negative" in caught.value.hint


VOCABULARY = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "tea", "cof", "##fee", "!", "uber", "茶", "er"]


def sentence_model():
    """The vector of a piece is (its number, 1): their mean tells which pieces there were."""
    nodes = [
        node("Cast", ["input_ids"], ["plain"], number("to", FLOAT)),
        node("Unsqueeze", ["plain", "last"], ["deep"]),
        node("Unsqueeze", ["mask", "last"], ["ones"]),
        node("Concat", ["deep", "ones"], ["hidden"], number("axis", 2)),
        node("Cast", ["attention_mask"], ["mask"], number("to", FLOAT)),
    ]
    nodes = [nodes[4], *nodes[:4]]
    last = field(5, field(1, 1) + field(2, INT64) + field(8, "last") + field(7, 2))
    inputs = [value_info(name, (1, "t"), INT64) for name in ("input_ids", "attention_mask")]
    return model(nodes, inputs, [value_info("hidden", (1, "t", 2))], [last])


def test_a_sentence_model_reads_pieces_of_words(write, tmp_path):
    path = write(sentence_model())
    write("\n".join(VOCABULARY).encode(), "vocab.txt")
    (tmp_path / "note.txt").write_text("Coffee!")
    found = embed(from_onnx(path, Modality.TEXT), ["Tea", tmp_path / "note.txt", " ", None], tmp_path / "kept")
    means = found.vectors[:2, 0] / found.vectors[:2, 1]
    assert np.allclose(means, [(2 + 4 + 3) / 3, (2 + 5 + 6 + 7 + 3) / 5])
    assert found.missing == {2: "It has no text.", 3: "It has no medium."}
    cut = from_onnx(path, Modality.TEXT, Preprocessing(tokens=3))
    (vector,) = embed(cut, ["coffee tea tea tea"], tmp_path / "cut").vectors
    assert np.isclose(vector[0] / vector[1], (2 + 5 + 3) / 3)


def test_words_are_cut_into_the_longest_known_pieces():
    numbers = {piece: number for number, piece in enumerate(VOCABULARY)}
    assert pieces("Coffee,tea! ÜBER 茶茶\x00", numbers) == ["cof", "##fee", "[UNK]", "tea", "!", "uber", "茶", "茶"]
    assert pieces("Tea", numbers, lower=False) == ["[UNK]"]
    assert pieces("teacup " + "er" * 60, numbers) == ["[UNK]", "[UNK]"]


def test_a_sentence_model_without_its_vocabulary_is_refused(write):
    path = write(sentence_model())
    with pytest.raises(FormatError, match=r"vocab\.txt cannot be read"):
        from_onnx(path, Modality.TEXT)
    write(b"tea\ncoffee", "vocab.txt")
    with pytest.raises(FormatError, match=r"has no \[CLS\]"):
        from_onnx(path, Modality.TEXT)
    write(json.dumps({"vocabulary": "../vocab.txt"}).encode(), "model.json")
    with pytest.raises(FormatError, match="in the model's folder"):
        from_onnx(path, Modality.TEXT)


def test_a_missing_file_and_a_table_are_refused(tmp_path):
    with pytest.raises(FormatError, match="There is no file"):
        from_onnx(tmp_path / "absent.onnx", Modality.IMAGE)
    with pytest.raises(FormatError, match="a table alone has none"):
        from_onnx(tmp_path / "absent.onnx", Modality.TABLE)


def test_no_thread_is_left_behind(write):
    before = threading.active_count()
    from_onnx(write(mean_colour()), Modality.IMAGE, PLAIN)
    assert threading.active_count() == before


def test_the_shipped_model_is_the_one_that_its_readme_names():
    folder = resources.path("models", "efficientnet-lite0")
    digest = hashlib.sha256((folder / "efficientnet-lite0.onnx").read_bytes()).hexdigest()
    assert digest in (folder / "README.md").read_text("utf-8")
    assert "Apache" in (folder / "LICENSE").read_text("utf-8")
    session = open_session(str(folder / "efficientnet-lite0.onnx"))
    assert [each.name for each in session.get_outputs()] == ["embedding"]
    grey = run(session, np.zeros((3, 224, 224), np.float32), Preprocessing())
    assert grey.shape == (1280,)
    assert 0 <= grey.min() < grey.max() <= 6  # averages of ReLU6
