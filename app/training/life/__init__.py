"""The life of a run: what the office does with it as a whole, and what the clock does."""
