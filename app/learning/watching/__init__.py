"""Videos taken: what was played of one, and when it counts as watched."""
