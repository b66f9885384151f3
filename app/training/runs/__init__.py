"""One run from its planning to its end: what it consists of, where it stands, and its pages."""
