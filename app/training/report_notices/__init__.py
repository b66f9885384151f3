"""Telling of result reports: that one is asked for, late, given back, taken in, to be confirmed."""
