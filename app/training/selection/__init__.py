"""Choosing among those who are put forward: who takes a seat, who waits, who does not."""
