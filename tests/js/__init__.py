"""Tests of the browser's code: run by Node, started by pytest."""
