"""Questions come from files of other systems, and leave as files."""
