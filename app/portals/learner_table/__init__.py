"""The office's page of a portal's learners: who of the staff they are, said by a table."""
