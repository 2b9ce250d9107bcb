"""How a text becomes the input of a sentence model: pieces of words by the vocabulary of BERT, and their mean after.

WordPiece (Wu et al., 2016) as BERT does it (Devlin et al., 2019): split at spaces, punctuation and Chinese characters,
then take the longest piece that the vocabulary has, again and again.
"""

import unicodedata
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import numpy.typing as npt

from dataimp_gui.errors import FormatError

if TYPE_CHECKING:
    import onnxruntime

    from dataimp_gui.core.features.onnx import Preprocessing

Array = npt.NDArray[Any]

INPUTS: Final = ("input_ids", "attention_mask", "token_type_ids")
UNKNOWN: Final = "[UNK]"
_MARKS: Final = ("[CLS]", "[SEP]", UNKNOWN)
_LONGEST_WORD: Final = 100  # characters; BERT takes longer ones as unknown


def sentence(
    session: "onnxruntime.InferenceSession", text: str, how: "Preprocessing", folder: Path, output: str
) -> Array:
    """The vector (d,) of a text: the output where it is one, else the mean over its pieces. Raises FormatError."""
    vocabulary = read_vocabulary(str(folder / how.vocabulary))
    body = pieces(text[: 20 * how.tokens], vocabulary, lower=how.lower)[: how.tokens - 2]
    numbers = [vocabulary[piece] for piece in (_MARKS[0], *body, _MARKS[1])]
    row = np.array([numbers], np.int64)
    feeds = dict(zip(INPUTS, (row, np.ones_like(row), np.zeros_like(row)), strict=True))
    wanted = {each.name: each.type for each in session.get_inputs()}
    if not {"input_ids"} <= wanted.keys() <= set(INPUTS):
        raise FormatError(
            f"The model has the inputs {', '.join(wanted)[:120]}; {', '.join(INPUTS)} are known.",
            hint="Export a sentence model of the BERT kind.",
        )
    kinds = {"tensor(int32)": np.int32, "tensor(float)": np.float32}
    given = {name: feeds[name].astype(kinds.get(kind, np.int64)) for name, kind in wanted.items()}
    found = np.asarray(session.run([output], given)[0])
    return found[0].mean(axis=0) if found.ndim == 3 and len(found) == 1 else found


def pieces(text: str, vocabulary: dict[str, int], *, lower: bool = True) -> list[str]:
    """The pieces of a text, each of which the vocabulary has."""
    if lower:
        text = "".join(
            each for each in unicodedata.normalize("NFD", text.lower()) if unicodedata.category(each) != "Mn"
        )
    spaced = "".join(f" {each} " if _stands_alone(each) else each for each in text if _is_shown(each))
    return [piece for word in spaced.split() for piece in _split(word, vocabulary)]


@lru_cache(maxsize=1)
def read_vocabulary(path: str) -> dict[str, int]:
    """The number of each piece, from a vocab.txt with one a line. Raises FormatError."""
    try:
        lines = Path(path).read_text("utf-8").split("\n")  # not splitlines: some pieces are line separators
    except (OSError, UnicodeDecodeError) as error:
        raise FormatError(
            f"The vocabulary {Path(path).name} cannot be read.", hint="Put the vocab.txt of the model beside it."
        ) from error
    numbers = {piece.rstrip(): number for number, piece in enumerate(lines)}
    if absent := [mark for mark in _MARKS if mark not in numbers]:
        raise FormatError(
            f"The vocabulary {Path(path).name} has no {', '.join(absent)}.", hint="It is not that of BERT."
        )
    return numbers


def _split(word: str, vocabulary: dict[str, int]) -> list[str]:
    if len(word) > _LONGEST_WORD:
        return [UNKNOWN]
    found: list[str] = []
    start = 0
    while start < len(word):
        sign = "##" if start else ""
        end = next((end for end in range(len(word), start, -1) if sign + word[start:end] in vocabulary), 0)
        if not end:
            return [UNKNOWN]
        found.append(sign + word[start:end])
        start = end
    return found


def _is_shown(letter: str) -> bool:
    return letter.isspace() or (letter != "\ufffd" and unicodedata.category(letter)[0] != "C")


def _stands_alone(letter: str) -> bool:
    is_symbol = letter.isascii() and letter.isprintable() and not letter.isalnum() and letter != " "
    is_chinese = "\u4e00" <= letter <= "\u9fff" or "\u3400" <= letter <= "\u4dbf" or "\uf900" <= letter <= "\ufaff"
    return is_symbol or is_chinese or unicodedata.category(letter)[0] == "P"
