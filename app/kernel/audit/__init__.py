"""Who did or saw what, and when: append-only, each line chained to the one before."""
