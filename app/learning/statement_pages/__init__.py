"""The office's pages of statements: found, read, counted by day, taken along."""
