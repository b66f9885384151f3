"""Videos: the film that was sent, what was made of it, and what stands beside it."""
