"""What somebody has taken over the years, to themselves and to those who look after them."""
