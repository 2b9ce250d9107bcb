"""How near augmented examples come to what a model will face, judged on numbers that describe them."""
