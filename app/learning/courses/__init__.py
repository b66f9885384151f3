"""Courses whose units speak xAPI: launched, gone through, and what comes of them."""
