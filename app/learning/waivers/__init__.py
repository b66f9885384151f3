"""Units of a course that need not be done: the office says so, and why."""
