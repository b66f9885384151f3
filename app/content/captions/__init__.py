"""Captions of videos, their chapters and their transcript, as an author writes them."""
