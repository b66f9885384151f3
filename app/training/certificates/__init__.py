"""修了証書: numbered, and proved by a code."""
