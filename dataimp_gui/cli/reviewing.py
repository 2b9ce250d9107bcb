"""Commands about what reviewers decided."""

from typing import TYPE_CHECKING, Final

import click

from dataimp_gui.cli.output import emit, example, json_option, project_argument

if TYPE_CHECKING:
    from dataimp_gui.core.reviewing import Agreement


@click.command(epilog=example("dataimp agreement demo.dataimp --json"))
@project_argument
@json_option
def agreement(project: str, as_json: bool) -> None:
    """How far two reviewers agree on each queue that both decided on: the share and Cohen's kappa.

    `disagreements` are those that nobody has settled yet.
    """
    import dataimp_gui

    with dataimp_gui.open(project, read_only=True) as opened:
        reviews = opened.reviews
        found = [
            (review, pair, opened.ids(reviews.disagreements(review)))
            for review in reviews.all()
            for pair in reviews.agreement(review)
            if not review.settles
        ]
    rows = [
        {
            "queue": review.title,
            "first": pair.first,
            "second": pair.second,
            "compared": pair.compared,
            "agreed": pair.agreed,
            "raw": pair.raw,
            "raw_ci": pair.interval,
            "kappa": pair.kappa,
            "disagreements": ids,
        }
        for review, pair, ids in found
    ]

    def lines() -> list[str]:
        said = [line for review, pair, ids in found for line in _told(review.title, pair, ids)]
        return said or ["No queue was decided on by two reviewers."]

    emit(as_json, {"rows": rows}, lines)


def _told(title: str, pair: "Agreement", ids: list[str]) -> list[str]:
    low, high = pair.interval or (0.0, 1.0)
    kappa = f"kappa {pair.kappa:.2f}" if pair.kappa is not None else "kappa not defined: both always gave one answer"
    share = f"{pair.agreed / pair.compared:.1%} (95 % interval {low:.1%} to {high:.1%})"
    counts = f"agree on {pair.agreed:,} of {pair.compared:,}"
    return [
        f"{title}: {pair.first} and {pair.second} {counts}, {share}, {kappa}",
        *(f"  to settle: {id_}" for id_ in ids),
    ]


COMMANDS: Final = {"agreement": agreement}
