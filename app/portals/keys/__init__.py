"""Our own keys, a pair or more for each portal."""
