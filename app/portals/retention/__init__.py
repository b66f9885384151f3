"""How long it is kept what portals' learners have done."""
