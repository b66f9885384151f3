"""What trainings there are, and the categories they are told apart by, whatever the year."""
