"""How fast it is, beside a peer or the floor: one JSON line a figure."""
