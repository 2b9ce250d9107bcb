"""Examples as vectors: embeddings, nearest neighbours, and a map in two dimensions."""
