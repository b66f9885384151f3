"""Who watches at a site right now, and in which quality: a line is shared by all of them."""
