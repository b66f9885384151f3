"""Titles (職名): the grade each ranks in, and the class of employment it belongs to."""
