"""What the command line says of two reviewers."""

import json

import numpy as np
from click.testing import CliRunner

from dataimp_gui.cli import dataimp
from dataimp_gui.core.project import Project
from dataimp_gui.core.reviewing import Verb


def ask(*arguments):
    done = CliRunner().invoke(dataimp, [str(a) for a in arguments])
    assert done.exit_code == 0, done.output
    return done.stdout


def test_agreement_names_both_reviewers_the_share_kappa_and_what_is_to_settle(shirts):
    assert "No queue" in ask("agreement", shirts)
    with Project.open(shirts, author="ada") as project:
        rows = np.arange(6)
        queue = project.reviews.open("Odd ones", rows)
        for row in rows:
            project.reviews.decide(queue, int(row), Verb.KEEP)
        project.sign_as("ben")
        for row in rows[:5]:
            project.reviews.decide(queue, int(row), Verb.KEEP if row else Verb.EXCLUDE)
        (first,) = project.ids(rows[:1])
    (found,) = json.loads(ask("agreement", shirts, "--json"))["rows"]
    assert (found["first"], found["second"], found["compared"], found["agreed"]) == ("ada", "ben", 5, 4)
    assert (found["raw"], found["disagreements"]) == (0.8, [first])
    assert 0 < found["kappa"] < 1
    said = ask("agreement", shirts)
    assert "ada and ben agree on 4 of 5, 80.0%" in said
    assert f"to settle: {first}" in said
