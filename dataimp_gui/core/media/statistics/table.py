"""Which statistics there are of each modality, with unit and formula; `docs/statistics.md` is written from here."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from dataimp_gui.core.model import Modality

VERSION: Final = 1
"""Goes up when a formula changes, so that what was kept is measured again."""

SHARE: Final = "share"


@dataclass(frozen=True, slots=True)
class Statistic:
    """``name`` is that of the column, ``unit`` is empty for a plain number and "share" for a part of 1.

    ``about`` says what it tells and by which formula, and when it is missing; ``kind`` is number or text.
    """

    name: str
    title: str
    unit: str
    about: str
    kind: str = "number"


_IMAGE: Final = (
    Statistic(
        "width",
        "Width",
        "px",
        "Columns of pixels of the file, as it is shown: turned as its EXIF says.",
    ),
    Statistic(
        "height",
        "Height",
        "px",
        "Rows of pixels of the file, as it is shown.",
    ),
    Statistic(
        "aspect",
        "Aspect ratio",
        "",
        "width / height: 1 is square, above 1 is wider than high.",
    ),
    Statistic(
        "brightness",
        "Brightness",
        "",
        "Mean of the grey levels / 255: 0 is black, 1 is white. Grey is 0.299 R + 0.587 G + 0.114 B (ITU-R BT.601).",
    ),
    Statistic(
        "contrast",
        "Contrast",
        "",
        "Standard deviation of the grey levels / 255 (RMS contrast): 0 is one flat tone, 0.5 is half black and "
        "half white.",
    ),
    Statistic(
        "sharpness",
        "Sharpness",
        "",
        "(E2 - 12 s²) / (4 (E1 - 4 s²)), kept within 0 to 1: E1 and E2 are the mean squares of the first and the "
        "second differences between neighbouring green levels, across plus down, s is the noise (at least that of "
        "rounding to whole levels, s² = 1/12), whose part is taken out. Near 0 all edges are soft. Unlike the "
        "variance of the Laplacian it does not change with contrast, and less with what is shown. Missing when a "
        "side is below 3 px; 0 where nothing differs.",
    ),
    Statistic(
        "noise",
        "Noise",
        "grey levels",
        "Standard deviation of the noise in the green channel, 0 to 255: median |N * I| / (0.6745 x 6) with N = "
        "[1 -2 1; -2 4 -2; 1 -2 1], which edges and slopes hardly answer to (J. Immerkaer, Fast noise variance "
        "estimation, 1996; the median in place of the mean). Pixels of level 0 or 255 do not count, they can show "
        "none. Missing when a side is below 3 px or fewer than 16 pixels count.",
    ),
    Statistic(
        "colourfulness",
        "Colourfulness",
        "",
        "sqrt(var(rg) + var(yb)) + 0.3 sqrt(mean(rg)² + mean(yb)²) with rg = R - G and yb = (R + G) / 2 - B: 0 is "
        "grey, 33 moderately, 59 quite, 109 extremely colourful (D. Hasler and S. Suesstrunk, Measuring "
        "colourfulness, 2003).",
    ),
    Statistic(
        "saturation",
        "Saturation",
        "",
        "Mean of (max - min) / max of R, G and B, as in HSV: 0 is grey, 1 is pure colour. Black pixels count as 0.",
    ),
    Statistic(
        "entropy",
        "Entropy",
        "bit",
        "-sum p log2 p over the 256 grey levels: 0 is one flat tone, 8 is every level equally often.",
    ),
    Statistic(
        "border",
        "Border",
        SHARE,
        "Part of the area outside the picture proper: rows and columns at the four sides whose grey levels all "
        "lie within 10 of the middle of the outermost one. 1 is an empty picture.",
    ),
    Statistic(
        "jpeg_quality",
        "JPEG quality",
        "",
        "1 to 100: the quality at which libjpeg would use the quantisation table of luminance that is nearest to "
        "the file's. Missing for other formats.",
    ),
)

_AUDIO: Final = (
    Statistic(
        "duration",
        "Duration",
        "s",
        "Frames / sample rate.",
    ),
    Statistic(
        "sample_rate",
        "Sample rate",
        "Hz",
        "Frames a second, as the file says.",
    ),
    Statistic(
        "channels",
        "Channels",
        "",
        "Samples in a frame: 1 is mono, 2 is stereo.",
    ),
    Statistic(
        "loudness",
        "Loudness",
        "LUFS",
        "Integrated loudness by ITU-R BS.1770-5 (EBU R 128): K-weighted mean square of blocks of 400 ms, a new "
        "one every 100 ms, gated at -70 LUFS and at 10 LU below the mean. A clip shorter than one block is one "
        "block. Missing for silence (nothing above -70 LUFS) and below 4,000 Hz, where the filter is not defined.",
    ),
    Statistic(
        "peak",
        "Peak",
        "dBFS",
        "20 log10 max |x|; 0 is full scale. Missing when all samples are 0.",
    ),
    Statistic(
        "clipping",
        "Clipping",
        SHARE,
        "Part of the samples in flat tops: runs of 3 or more equal samples at 0.98 of full scale or above. Lossy "
        "formats round the tops and can hide it.",
    ),
    Statistic(
        "silence",
        "Silence",
        SHARE,
        "Part of the stretches of 20 ms with a level (RMS) below -60 dBFS or more than 40 dB below the loudest one.",
    ),
    Statistic(
        "snr",
        "Signal to noise",
        "dB",
        "10 log10((P - N) / N), at most 100: P is the mean power of the clip, N that of the quietest tenth of its "
        "stretches of 20 ms, corrected for white noise being now and then quieter than its mean. Needs pauses: "
        "without them it is too low. Missing where the level hardly changes (below 0 dB), since nothing then "
        "tells a steady sound from noise, below 0.2 s, and for silence.",
    ),
    Statistic(
        "bandwidth",
        "Bandwidth",
        "Hz",
        "Highest frequency whose mean power is within 60 dB of the strongest one's. Far below half the sample "
        "rate, the clip was once sampled at a lower rate or went through a telephone. Missing for silence.",
    ),
)

_TEXT: Final = (
    Statistic(
        "length",
        "Length",
        "characters",
        "Unicode code points, blanks included.",
    ),
    Statistic(
        "words",
        "Words",
        "",
        "Parts between blanks; a language written without blanks has few.",
    ),
    Statistic(
        "language",
        "Language",
        "",
        "ISO 639 code, such as en, by py3langid (M. Lui and T. Baldwin, langid.py, 2012) among 61 written "
        "languages, of the first 2,000 characters without addresses. Missing when the text is too short or too "
        "mixed to tell: below a probability of 0.6, of 0.8 when it has less than 20 characters. What is named is "
        "then right in 99 of 100.",
        kind="text",
    ),
    Statistic(
        "digits",
        "Digits",
        SHARE,
        "Decimal digits / characters that are no blanks.",
    ),
    Statistic(
        "upper_case",
        "Upper case",
        SHARE,
        "Upper-case letters / letters that have a case. Missing without one.",
    ),
    Statistic(
        "punctuation",
        "Punctuation",
        SHARE,
        "Punctuation marks and symbols, emoji included (Unicode P and S) / characters that are no blanks.",
    ),
    Statistic(
        "urls",
        "Web addresses",
        "",
        "How often http://, https:// or www. begins an address.",
    ),
    Statistic(
        "non_ascii",
        "Not ASCII",
        SHARE,
        "Characters beyond the 128 of ASCII / characters that are no blanks.",
    ),
    Statistic(
        "repetition",
        "Repetition",
        SHARE,
        "The larger of two: runs of 3 words that came before in the text / all such runs; characters in a row of "
        "4 or more equal ones / characters that are no blanks.",
    ),
    Statistic(
        "ocr_noise",
        "OCR noise",
        SHARE,
        "Words that look misread / words: a digit between letters, a symbol inside a word, mixed-up case, no "
        "vowel in 5 or more Latin letters, 4 equal letters in a row, more marks than letters, more than 40 "
        "characters, or characters of a wrong encoding (after K. Taghva and others, Automatic removal of garbage "
        "strings in OCR text, 2001). Web and mail addresses are no such words.",
    ),
)

STATISTICS: Final[Mapping[Modality, tuple[Statistic, ...]]] = {
    Modality.IMAGE: _IMAGE,
    Modality.AUDIO: _AUDIO,
    Modality.TEXT: _TEXT,
    Modality.TABLE: (),
}
