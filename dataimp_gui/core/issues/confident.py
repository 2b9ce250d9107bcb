"""Confident learning: how often which label was given to which class (Northcutt, Jiang and Chuang 2021, JAIR 70)."""

import numpy as np
import numpy.typing as npt

from dataimp_gui.core.model import Codes

Array = npt.NDArray[np.float64]


def thresholds(probabilities: Array, given: Codes) -> Array:
    """The mean probability (classes,) of a class over the examples that have its label (their formula 2).

    A class that no example has gets infinity: nobody can be counted as one of it.
    """
    classes = probabilities.shape[1]
    own = np.bincount(given, probabilities[np.arange(len(given)), given], classes)
    count = np.bincount(given, minlength=classes)
    return np.where(count > 0, own / np.maximum(count, 1), np.inf)


def joint(probabilities: Array, given: Codes) -> Array:
    """The confident joint (classes, classes): examples of class j (the row) that were given label i (the column).

    An example counts for the most likely of the classes whose threshold its probability reaches (their formula 1),
    and not at all where there is none. ``probabilities`` (n, classes) must be out of sample.
    """
    classes = probabilities.shape[1]
    reached = np.where(probabilities >= thresholds(probabilities, given), probabilities, -1.0)
    likely = reached.argmax(axis=1)
    sure = reached.max(axis=1, initial=-1.0) >= 0
    place = likely[sure] * classes + given[sure]
    return np.bincount(place, minlength=classes**2).reshape(classes, classes).astype(np.float64)
