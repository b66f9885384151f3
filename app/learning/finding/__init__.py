"""By what statements are found."""
