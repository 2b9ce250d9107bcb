"""Immutable snapshots of the curated dataset: commit, compare, export, verify."""
