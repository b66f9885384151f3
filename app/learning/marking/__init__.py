"""採点: what a hand gives for what no machine can mark."""
