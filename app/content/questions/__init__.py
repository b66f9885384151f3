"""Questions as authors write them: the form of each kind, and the words of what is wrong."""
