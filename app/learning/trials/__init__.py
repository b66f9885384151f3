"""An author tries a test, as it is sat; nothing is kept."""
