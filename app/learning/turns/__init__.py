"""Turns of attempts, noted when they come for who tells the record store of them."""
