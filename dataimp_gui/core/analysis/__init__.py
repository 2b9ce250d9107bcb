"""What the program finds out about a project by itself: statistics, embeddings, similar examples, issues."""

from dataimp_gui.core.analysis.analysis import Analysis

__all__ = ["Analysis"]
