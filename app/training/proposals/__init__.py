"""決定案: what the office would decide, while only the office sees it."""
