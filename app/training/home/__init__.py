"""The first page of everybody: what is to be done, by when, in each of one's roles."""
