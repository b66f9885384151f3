"""修了認定: what was decided of each enrolment, and by what."""
