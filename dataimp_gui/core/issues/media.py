"""Examples whose medium shows or says nothing, or far less well than the others: from their statistics, by rules."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from dataimp_gui.core.issues.findings import Evidence, Findings, nothing, ranked
from dataimp_gui.core.model import IssueKind, Mask, Modality
from dataimp_gui.progress import Progress

KIND: Final = IssueKind.MEDIA
FIX: Final = "look"

CERTAIN: Final = 0.97  # the severity of what a limit says; nobody can learn from it
FEWEST: Final = 50  # examples, below which nobody can say what is usual
_FAR: Final = (5.0, 10.0)  # deviations from the usual, and how severe that is
_SEVERITY: Final = (0.5, 0.9)

Values = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Rule:
    """What is wrong with a statistic that is too low (``low``) or too high.

    Beyond ``limit`` it is certain. Between ``limit`` and ``beyond`` it is when it also lies far from what is usual in
    the dataset, which is measured on a logarithm where ``ratio``. A limit that a tenth of the dataset is beyond is no
    limit there. ``reason`` takes the value, and ``usual`` of all.
    """

    statistic: str
    low: bool
    limit: float
    beyond: float
    reason: str
    ratio: bool = False


_INF: Final = float("inf")

RULES: Final = {
    Modality.IMAGE: (
        Rule(
            "contrast", True, 0.01, 0.08, "It hardly shows anything: its contrast is {value:.3f}, usual is {usual:.2f}."
        ),
        Rule("brightness", True, 0.03, 0.15, "It is very dark: its brightness is {value:.2f}, usual is {usual:.2f}."),
        Rule("brightness", False, 0.98, 0.9, "It is very bright: its brightness is {value:.2f}, usual is {usual:.2f}."),
        Rule("border", False, 0.97, 0.9, "It is nearly empty: {value:.0%} of it is border, usual is {usual:.0%}."),
        Rule(
            "sharpness",
            True,
            0.0,
            0.2,
            "It is blurred: its sharpness is {value:.3f}, usual is {usual:.2f}.",
            ratio=True,
        ),
        Rule("noise", False, _INF, 10.0, "It is noisy: {value:.1f} grey levels of noise, usual are {usual:.1f}."),
        Rule("width", True, 7.5, _INF, "It is only {value:.0f} pixels wide, usual are {usual:.0f}.", ratio=True),
        Rule("height", True, 7.5, _INF, "It is only {value:.0f} pixels high, usual are {usual:.0f}.", ratio=True),
        Rule("aspect", True, 0.05, 0.4, "It is a strip: {value:.2f} times as wide as high.", ratio=True),
        Rule("aspect", False, 20.0, 2.5, "It is a strip: {value:.1f} times as wide as high.", ratio=True),
        Rule(
            "jpeg_quality",
            True,
            10.0,
            40.0,
            "It is strongly compressed: JPEG quality {value:.0f}, usual is {usual:.0f}.",
        ),
    ),
    Modality.AUDIO: (
        Rule("silence", False, 0.97, 0.9, "It is silent for {value:.0%} of its time, usual is {usual:.0%}."),
        Rule("loudness", True, -60.0, -35.0, "It is very quiet: {value:.0f} LUFS, usual are {usual:.0f}."),
        Rule("clipping", False, 0.02, _INF, "It is clipped: {value:.1%} of its samples are cut off at full scale."),
        Rule("snr", True, 0.0, 10.0, "It is noisy: the signal is only {value:.0f} dB above it, usual are {usual:.0f}."),
        Rule("duration", True, 0.05, _INF, "It is very short: {value:.2f} s, usual are {usual:.2f}.", ratio=True),
        Rule("duration", False, _INF, 0.0, "It is very long: {value:.1f} s, usual are {usual:.1f}.", ratio=True),
        Rule(
            "bandwidth",
            True,
            300.0,
            _INF,
            "It is muffled: nothing above {value:,.0f} Hz, usual are {usual:,.0f}.",
            ratio=True,
        ),
    ),
    Modality.TEXT: (
        Rule("words", True, 0.5, 0.5, "It has no words."),
        Rule(
            "length", False, _INF, 0.0, "It is very long: {value:,.0f} characters, usual are {usual:,.0f}.", ratio=True
        ),
        Rule(
            "length", True, 0.5, _INF, "It is very short: {value:,.0f} characters, usual are {usual:,.0f}.", ratio=True
        ),
        Rule("ocr_noise", False, 0.7, 0.3, "It looks garbled: {value:.0%} of its words, usual are {usual:.0%}."),
        Rule("repetition", False, 0.9, 0.7, "It repeats itself: {value:.0%} of it came before, usual is {usual:.0%}."),
    ),
    Modality.TABLE: (),
}

_RARE: Final = 0.03  # a language of so small a share is taken for a foreign one
_MAIN: Final = 0.8  # where one language has so large a share of the texts whose language is known
_LANGUAGE_SEVERITY: Final = 0.85
_SMALLEST: Final = {  # what must be there for a statistic to say anything, and how much of it
    "sharpness": (("width", "height"), 48.0),  # lines of an icon are neither blurred nor noise
    "noise": (("width", "height"), 48.0),
    "ocr_noise": (("words",), 3.0),
}


def detect(evidence: Evidence, progress: Progress) -> Findings:
    """One finding for each example that breaks a rule, by the one it breaks worst."""
    progress.phase("Checking media")
    severity = np.zeros(evidence.count, np.float64)
    reasons: dict[int, str] = {}
    for broken, severe, reason in (*_failed(evidence), *_by_rules(evidence), *_foreign(evidence)):
        for row in np.flatnonzero(broken & (severe > severity) & ~evidence.excluded).tolist():
            severity[row], reasons[row] = severe[row], reason(row)
    if not reasons:
        return nothing(KIND, FIX)
    rows = np.array(sorted(reasons), np.int64)
    return ranked(
        KIND,
        FIX,
        rows,
        score=severity[rows],
        severity=severity[rows],
        reasons=[reasons[row] for row in rows.tolist()],
    )


Broken = tuple[Mask, Values, Callable[[int], str]]


def _failed(evidence: Evidence) -> Iterator[Broken]:
    rows = [row for row in evidence.failed if 0 <= row < evidence.count]
    broken = np.zeros(evidence.count, np.bool_)
    broken[rows] = True
    yield broken, np.ones(evidence.count), lambda row: f"It cannot be read: {evidence.failed[row]}"


def _by_rules(evidence: Evidence) -> Iterator[Broken]:
    for rule in RULES[evidence.modality]:
        if rule.statistic not in evidence.statistics:
            continue
        values = np.asarray(evidence.statistics[rule.statistic], np.float64)
        known = np.isfinite(values)
        needed, least = _SMALLEST.get(rule.statistic, ((), 0.0))
        for name in needed:
            if name in evidence.statistics:
                known &= np.asarray(evidence.statistics[name], np.float64) >= least
        counted = known & ~evidence.excluded
        if not counted.any():
            continue
        usual = float(np.median(values[counted]))
        severe = _severity(rule, values, counted)

        def reason(row: int, rule: Rule = rule, values: Values = values, usual: float = usual) -> str:
            return rule.reason.format(value=values[row], usual=usual)

        yield known & (severe > 0), severe, reason


def _severity(rule: Rule, values: Values, counted: Mask) -> Values:
    sign = -1.0 if rule.low else 1.0
    over = np.where(np.isfinite(values), sign * values, -_INF)
    severe = np.zeros(len(values))
    if counted.sum() >= FEWEST:
        scale = np.log(np.maximum(values, 1e-6)) * sign if rule.ratio else sign * values
        half, more = np.quantile(scale[counted], [0.5, 0.75])
        deviation = max((more - half) / 0.6745, 0.1 if rule.ratio else 0.02 * max(abs(float(half)), 1e-3))
        deviations = (scale - half) / deviation
        far = np.nan_to_num(deviations, nan=0.0) >= _FAR[0]
        odd = far & (over > sign * rule.beyond)
        severe[odd] = np.interp(deviations[odd], _FAR, _SEVERITY)
    certain = over > sign * rule.limit
    if np.count_nonzero(certain & counted) <= max(0.1 * counted.sum(), 1):
        severe[certain] = CERTAIN
    return severe


def _foreign(evidence: Evidence) -> Iterator[Broken]:
    """Texts in a language that few others have."""
    if "language" not in evidence.statistics:
        return
    languages = np.asarray(evidence.statistics["language"], object)
    known = (languages != "") & (languages != None) & ~evidence.excluded  # noqa: E711 (elementwise)
    if np.count_nonzero(known) < FEWEST:
        return
    names, places, counts = np.unique(languages[known].astype(str), return_inverse=True, return_counts=True)
    main = int(counts.argmax())
    shares = counts / counts.sum()
    if shares[main] < _MAIN:
        return
    broken = np.zeros(evidence.count, np.bool_)
    broken[np.flatnonzero(known)[(places != main) & (shares[places] < _RARE)]] = True
    severe = np.full(evidence.count, _LANGUAGE_SEVERITY)
    share = f"{100 * shares[main]:.0f}%" if shares[main] < 0.995 else "nearly all"
    yield (
        broken,
        severe,
        lambda row: f"Its language looks like {languages[row]}; {share} of the others are {names[main]}.",
    )
