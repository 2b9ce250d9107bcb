"""Policies in a project: saved, seen on its examples, and measured against those that a model will face."""

from dataimp_gui.core.augmenting.augmenting import Augmenting

__all__ = ["Augmenting"]
