"""開示: all that is held about one person, to be read and to be parsed."""
