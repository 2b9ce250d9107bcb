"""Where a model fails: subsets of the examples, how often they fail, and whether that repeats."""
