"""xAPI statements: kept as they came, and found by what they are about."""
