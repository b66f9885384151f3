"""The gate that portals' launches come to: login, launch, and what came of each."""
