"""How the whole system stands: whether it may be changed now, or only read."""
