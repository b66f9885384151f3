"""Scores on their way to a portal: taken, sent, and noted."""
