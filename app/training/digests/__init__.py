"""Sections, told together what concerns several of their people."""
