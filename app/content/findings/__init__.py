"""What the check of a package found, in words."""
