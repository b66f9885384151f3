"""Experience API: statements and documents as pure data; the standard library and lxml alone."""
