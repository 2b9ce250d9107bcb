"""What a policy promises to examples of a project, found without labels of the target."""

from typing import TYPE_CHECKING

from dataimp_gui.core.augment.policy import Policy
from dataimp_gui.core.augment.realism import promising
from dataimp_gui.core.augment.realism.describing import content
from dataimp_gui.core.augment.realism.promising import Promise
from dataimp_gui.core.augmenting import lessons, measuring
from dataimp_gui.progress import Progress

if TYPE_CHECKING:
    from dataimp_gui.core.project import Project


def promise(project: "Project", policy: Policy, where: str, target: str, progress: Progress) -> Promise:
    """Variants are of ``where``, beside them all of the training part is learned from.

    Raises QueryError, DataimpError when there is no target, Cancelled.
    """
    measuring.check(project, policy)
    target, source = target or measuring.default_target(project), measuring.default_source(project)
    faced, varied, trained = (measuring.rows_of(project, clause) for clause in (target, where or source, source))
    lesson = lessons.gather(project, varied, trained, faced, progress)
    if not lesson.is_enough:
        return Promise(None, "Too few examples have a label to learn from.")
    progress.phase("Asking models about the target")
    original, goal = (content(each.values, policy.modality) for each in (lesson.ours, lesson.goal))
    variants = measuring.varied_content(policy, lesson.varied, progress)
    return promising.promise(original, lesson.ours.labels, variants, lesson.has_variant, goal, progress)
