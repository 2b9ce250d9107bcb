"""What the program finds out about a project's data by itself: statistics, embeddings, issues."""
