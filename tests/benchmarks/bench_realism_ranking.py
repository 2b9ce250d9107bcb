"""Whether what policies promise ranks them as training a model does: Spearman's rank correlation.

Written down before any of `REPORTED` was ranked: the sets and policies, their seeds, and as the figure the mean over
the sets of the rank correlation between `promise` (how much more often models that learned from originals and
variants agree about an example of the target than about two) and the difference in accuracy that `try_it` finds. All
that was looked at before, and set how hard the made shifts are, is whether a model learns anything on these sets and
is harmed by the shift, without any policy. A set about which promise has nothing to say is named and not counted.
Formula and judge were chosen on `TUNED_ON` alone (DATAIMP_SETS=tuned). The five of `SEEN` (DATAIMP_SETS=seen) were
ranked once in the same way, when promise spoke about all of them: 0.16, 0.81, 0.82, 0.88 and 0.81. That it is silent
now where models are wrong more often than right came of the first of these, so that they prove nothing any more.
`REPORTED` were ranked once: 0.66, 0.78, 0.33, 0.99, 0.83 and 0.66, mean 0.71, which misses (docs/augmentation.md).
What is called reliability is the correlation between the differences on two halves of the target: where the judge does
not agree with itself, nobody can agree with it. Takes a quarter of an hour; DATAIMP_DATA is the folder of the sets
that are not shipped; what is not there is left out.
"""

import os
from pathlib import Path

import numpy as np
from reported_sets import REPORTED
from seen_sets import SEEN
from shifted_sets import TUNED_ON, Shifted, policies
from table import Table

import dataimp_gui

ONLY_BY_NAME = True  # a quarter of an hour
SETS = {"reported": REPORTED, "seen": SEEN, "tuned": TUNED_ON}
SEEDS = 12
LIMIT = 0.8


def run(table: Table, folder: Path) -> None:
    found = []
    for shifted in SETS[os.environ.get("DATAIMP_SETS", "reported")]:
        made = shifted.make(folder)
        if made is None:
            print(f"{shifted.name}: its data are not there")
            continue
        if reason := silence(shifted, made):
            print(f"{shifted.name}: no promise. {reason}")
            continue
        agreement, reliability, realism, kept = ranked(shifted, made)
        found.append(agreement)
        note = f"rho {agreement:.2f}; reliability {reliability:.2f}; realism alone {realism:.2f}, kept alone {kept:.2f}"
        table.add(f"{shifted.name}: short of rank correlation 1", 1 - agreement, 1 - LIMIT, "", note)
    note = f"mean rho {np.mean(found):.2f} of {len(found)} sets"
    table.add("all sets: short of rank correlation 1", 1 - float(np.mean(found)), 1 - LIMIT, "", note)


def silence(shifted: Shifted, made: Path) -> str:
    """Why promise has nothing to say about a set, whatever the policy."""
    with dataimp_gui.open(made, read_only=True) as project:
        return project.augment.promise(policies(shifted.modality)[0]).reason


def ranked(shifted: Shifted, made: Path) -> tuple[float, float, float, float]:
    """Rank correlations: of promise with the judge, of the judge with itself, of realism and of kept labels alone."""
    from scipy.stats import spearmanr

    rows = []
    with dataimp_gui.open(made) as project:
        target = project.rows("split = 'test'")
        project.tag(np.random.default_rng(1).permutation(target)[: len(target) // 2], "half")
        for policy in policies(shifted.modality):
            measured = project.augment.measure(policy, steps=False)
            promise = project.augment.promise(policy).value
            tried = project.augment.try_it(policy, slice_="list_contains(tags, 'half')", seeds=SEEDS)
            parts = (tried.overall, tried.slice_, tried.rest)
            closed, kept = measured.realism.overall.share, measured.kept.share or 0.0
            rows.append((promise, closed, kept, *(each.difference for each in parts if each)))
            said = " ".join(f"{value:7.3f}" for value in rows[-1])
            print(f"  {policy.name:<24}{said}   without {tried.overall.without:.3f}", flush=True)
    promise, closed, kept, whole, first, second = np.array(rows).T
    pairs = ((promise, whole), (first, second), (closed, whole), (kept, whole))
    agreement, reliability, realism, labels = (float(spearmanr(*pair).statistic) for pair in pairs)
    return agreement, reliability, realism, labels
