"""テストの受験: sittings, their answers, and their marks."""
