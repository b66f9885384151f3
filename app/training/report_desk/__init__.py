"""Reports as lists: those that wait for a head, and those of a run for who plans it."""
