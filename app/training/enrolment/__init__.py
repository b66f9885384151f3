"""Who takes a run, and how far they are."""
