"""The record store's gate: who speaks to it, in which version, and how it answers."""
