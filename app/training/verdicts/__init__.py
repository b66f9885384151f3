"""Whether somebody attended enough of a run: what the rule says, and the office's word."""
