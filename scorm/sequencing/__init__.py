"""Sequencing and navigation of SCORM 2004 4th Edition (S&N 4e): one file a behaviour of the book.

Functions bear the book's names, and their docstrings its numbers. A `Session` (`session.py`) goes
through all of them: the course's tree, which never changes, and the tracked state, which is plain
JSON and is changed in place. Nothing here reads a clock or draws a number of its own.
"""
