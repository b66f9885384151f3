"""Who comes from a portal: a key that it knows somebody by, and no name."""
