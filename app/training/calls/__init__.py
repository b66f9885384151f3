"""Calls for people (募集・推薦依頼): until when, of which runs, and what sections have answered."""
