"""A report as one HTML file: no scripts, nothing loaded from elsewhere, every text escaped."""

from collections.abc import Sequence
from typing import Final

import numpy as np

from dataimp_gui.about import VERSION
from dataimp_gui.core.markup import Markup, joined, tag
from dataimp_gui.core.metrics import Interval, Metrics
from dataimp_gui.core.report.content import Content, Part, Sample
from dataimp_gui.core.report.style import style
from dataimp_gui.core.slices.slice import Measured, Source, Status
from dataimp_gui.core.slicing.contrast import Contrast

MOST_CLASSES: Final = 30
"""More are not drawn as a matrix; the pairs that are confused most are listed in any case."""

MOST_PAIRS: Final = 15
_POLICY: Final = "default-src 'none'; img-src data:; style-src 'unsafe-inline'"
_SAID: Final = {Status.CONFIRMED: "confirmed", Status.WEAK: "weak", Status.CHANCE: "by chance"}


def page(content: Content) -> str:
    title = f"{content.name}: report"
    head = tag(
        "head",
        tag("meta", charset="utf-8"),
        tag("meta", http_equiv="Content-Security-Policy", content=_POLICY),
        tag("meta", name="viewport", content="width=device-width, initial-scale=1"),
        tag("title", title),
        Markup(f"<style>{style()}</style>"),
    )
    body = tag(
        "body",
        tag("h1", content.name),
        tag("p", _about(content), class_="muted"),
        _figures(content),
        _splits(content),
        _slices(content),
        _errors(content.errors),
        _confusion(content.metrics),
        _classes(content.metrics),
        tag("footer", f"Made by Dataimp {VERSION}. Intervals are of 95 % (Wilson)."),
    )
    return "<!DOCTYPE html>\n" + tag("html", head, body, lang="en") + "\n"


def _about(content: Content) -> str:
    parts = [
        f"Run {content.run}" if content.run else "No run",
        f"version {content.version}" if content.version else "no version yet",
        f"{content.examples:,} examples" + (f", {content.excluded:,} excluded" if content.excluded else ""),
    ]
    return " · ".join([*parts, f"only where {content.where}"] if content.where else parts)


def _figures(content: Content) -> Markup:
    metrics = content.metrics
    if not metrics.n:
        return tag("p", "No example has both a label and a prediction, so nothing can be measured.")
    cells = [
        ("accuracy", percent(metrics.accuracy), between(metrics.accuracy_ci)),
        ("errors", f"{metrics.errors:,}", f"in {metrics.n:,} with a label and a prediction"),
        ("macro F1", _decimal(metrics.macro_f1), "mean over the classes"),
        ("calibration error", _decimal(metrics.ece), "of the confidence"),
        ("cost", _decimal(metrics.cost), "mean of an example"),
    ]
    shown = [cell for cell in cells if cell[1]]
    return tag(
        "div", *(tag("div", a, tag("b", b), tag("span", c, class_="muted")) for a, b, c in shown), class_="figures"
    )


def _splits(content: Content) -> Markup:
    rows = [
        (name, each.n, each.errors, percent(each.accuracy), between(each.accuracy_ci))
        for name, each in content.splits
        if each.n
    ]
    if not rows:
        return Markup("")
    note = "Predictions on examples that the model learned from are flattered by that."
    head = ("split", "n", "errors", "accuracy", "95 % interval")
    return joined(tag("h2", "Splits"), tag("p", note, class_="muted"), _table(head, rows))


def _classes(metrics: Metrics) -> Markup:
    rows = [(c.label, c.n, _decimal(c.precision), _decimal(c.recall), _decimal(c.f1)) for c in metrics.per_class]
    if not rows:
        return Markup("")
    return joined(tag("h2", "Classes"), _table(("class", "n", "precision", "recall", "F1"), rows))


def _confusion(metrics: Metrics) -> Markup:
    counts = metrics.confusion
    if not metrics.errors:
        return Markup("")
    wrong = counts - np.diag(np.diagonal(counts))
    order = np.argsort(-wrong, axis=None, kind="stable")[:MOST_PAIRS]
    places = [divmod(int(place), len(counts)) for place in order if wrong.flat[place]]
    pairs = [
        (f"{metrics.labels[a]} taken for {metrics.labels[b]}", int(wrong[a, b]), percent(wrong[a, b] / counts[a].sum()))
        for a, b in places
    ]
    matrix = _matrix(metrics) if len(counts) <= MOST_CLASSES else Markup("")
    listed = _table(("confusion", "errors", "of the class"), pairs, "The most frequent")
    return joined(tag("h2", "Confusion"), tag("div", matrix, listed, class_="side"))


def _matrix(metrics: Metrics) -> Markup:
    counts = metrics.confusion
    shares = counts / np.maximum(counts.sum(axis=1, keepdims=True), 1)
    heads = (tag("th", name, scope="col", title=name) for name in metrics.labels)
    rows = []
    for place, name in enumerate(metrics.labels):
        cells = (
            tag("td", int(counts[place, other]) or "", class_=_shade(float(shares[place, other]), place == other))
            for other in range(len(counts))
        )
        rows.append(tag("tr", tag("th", name, scope="row", title=name), *cells))
    caption = tag("caption", "Rows are labels, columns predictions; shaded by the share of the row.")
    table = tag("table", caption, tag("tr", tag("td"), *heads), *rows, class_="confusion")
    return tag("div", table, class_="panel scroll")


def _shade(share: float, right: bool) -> str | None:
    step = min(6, int(share**0.5 * 7))
    return f"{'ok' if right else 'err'}{step}" if share > 0 else None


def _slices(content: Content) -> Markup:
    notes = [tag("p", note, class_="muted") for note in content.notes]
    if not content.slices:
        return joined(tag("h2", "Slices"), *notes)
    overall = content.metrics.error_rate or 0.0
    most = max([overall, *(each.measured.ci[1] for each in content.slices if each.measured.ci)])
    rows = []
    for part in content.slices:
        each = part.measured
        cells = (
            _bar(each, overall, most),
            percent(each.error_rate),
            between(each.ci),
            each.n,
            each.errors,
            percent(each.share_of_errors),
            f"+{percent(each.headroom)}" if each.n else "",
            _badge(each),
        )
        rows.append((each.slice.name, *cells))
    head = ("slice", "", "error", "95 % interval", "n", "errors", "of all errors", "headroom", "")
    told = f"The dashed line is the error over all, {percent(overall)}. Headroom is what accuracy would gain if the "
    told += "slice failed only as often as the rest."
    if any(_is_chance(part.measured) for part in content.slices):
        told += " By chance: better slices or luck explain its errors."
    note = tag("p", told, class_="muted")
    parts = [_part(part) for part in content.slices if part.samples and not _is_chance(part.measured)]
    return joined(tag("h2", "Slices"), *notes, note, _table(head, rows), *parts)


def _part(part: Part) -> Markup:
    each = part.measured
    facts = []
    if part.instead:
        facts.append("Predicted instead: " + ", ".join(f"{name} {count:,}" for name, count in part.instead))
    if part.contrasts:
        facts.append("Stands out by: " + ", ".join(map(_contrast, part.contrasts)))
    return tag(
        "section",
        tag("div", tag("h3", each.slice.name), _badge(each), class_="head"),
        tag("p", tag("code", each.slice.where)) if each.slice.where not in ("", each.slice.name) else None,
        tag("p", each.reason) if each.reason else None,
        tag("p", ". ".join(facts) + ".", class_="muted") if facts else None,
        _strip(part.samples),
        class_="panel",
    )


def _errors(samples: Sequence[Sample]) -> Markup:
    if not samples:
        return Markup("")
    return joined(tag("h2", "The mistakes it is surest of"), tag("div", _strip(samples), class_="panel"))


def _strip(samples: Sequence[Sample]) -> Markup:
    return tag("ul", *(_sample(each) for each in samples), class_="strip")


def _sample(each: Sample) -> Markup:
    sure = f" {each.confidence:.0%}" if each.confidence is not None else ""
    face = tag("img", src=each.picture, alt=f"{each.id}, {each.label}") if each.picture else None
    if face is None and not each.words:
        face = tag("span", class_="none")
    return tag(
        "li",
        face,
        tag("span", each.words) if each.words else None,
        tag("span", f"{each.label or 'no label'} → ", tag("b", each.predicted + sure, class_="wrong")),
        tag("span", each.id, class_="muted", title=each.id),
        class_="words" if each.words else None,
    )


def _bar(each: Measured, overall: float, most: float) -> Markup:
    if each.ci is None or each.error_rate is None or most <= 0:
        return Markup("")
    low, high, rate, line = (f"{100 * value / most:.2f}" for value in (*each.ci, each.error_rate, overall))
    width = f"{max(1.0, float(high) - float(low)):.2f}"
    parts = (
        tag("rect", x=0, y=4, width=100, height=4, class_="track"),
        tag("rect", x=low, y=3, width=width, height=6, class_="range"),
        tag("rect", x=f"{float(rate) - 1:.2f}", y=1, width=2, height=10, class_="point"),
        tag("line", x1=line, x2=line, y1=0, y2=12, class_="overall"),
    )
    said = f"{percent(each.error_rate)}, {between(each.ci)}"
    return tag(
        "svg", *parts, viewBox="0 0 100 12", preserveAspectRatio="none", class_="bar", role="img", aria_label=said
    )


def _is_chance(each: Measured) -> bool:
    return each.slice.source is not Source.SAVED and each.status is Status.CHANCE


def _badge(each: Measured) -> Markup:
    if not each.n:
        return tag("span", each.reason or "no examples", class_="badge")
    kind = "saved · " if each.slice.source is Source.SAVED else ""
    return tag("span", kind + _SAID[each.status], class_=f"badge {each.status.value.split()[0]}")


def _table(head: Sequence[str], rows: Sequence[Sequence[Markup | str | int]], caption: str = "") -> Markup:
    """The first column is what the row is about, and the first of text only."""
    heads = (tag("th", name, scope="col", class_=None if place else "left") for place, name in enumerate(head))
    lines = [
        tag("tr", *(tag("td", cell, class_=None if place else "left") for place, cell in enumerate(row)))
        for row in rows
    ]
    title = tag("caption", caption) if caption else None
    return tag("div", tag("table", title, tag("tr", *heads), *lines), class_="panel scroll")


def _contrast(one: Contrast) -> str:
    if one.word is not None:
        return f"{one.column} {one.word} {one.inside:.0%} (rest {one.rest:.0%})"
    return f"{one.column} {one.inside:.3g} (rest {one.rest:.3g})"


def percent(value: float | None) -> str:
    return "" if value is None else f"{value:.1%}"


def between(ci: Interval | None) -> str:
    return f"{percent(ci[0])} – {percent(ci[1])}" if ci else ""


def _decimal(value: float | None) -> str:
    return "" if value is None else f"{value:.3f}"
