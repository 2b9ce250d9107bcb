"""Augmentation: policies of steps, the operations they draw on, and what became of an example. Knows no project."""
