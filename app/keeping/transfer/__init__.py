"""返却: every table and every file in documented forms, and the way back into an empty system."""
