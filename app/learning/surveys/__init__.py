"""アンケートの回答, named and anonymous."""
