"""The people of a run, as the office enrols them by list, takes them out and brings them back."""
