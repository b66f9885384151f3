"""Whose what is learnt is: a member of the staff's, or a guest's."""
