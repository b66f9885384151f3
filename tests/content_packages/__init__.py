"""Tests of the archives of authors, on made, real and hostile ones."""
