"""Sessions that somebody missed, made up for in another run or by a material (補講)."""
