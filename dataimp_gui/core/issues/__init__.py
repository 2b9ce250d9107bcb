"""What is wrong with the data: one detector a file, each a function from evidence to findings."""
