"""研修をさがす: what a year offers, as those who may take it see it; and the months of all runs."""
