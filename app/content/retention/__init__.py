"""What this wing keeps about people, by class of records, and how it erases it."""
