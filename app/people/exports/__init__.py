"""Files of staff: what is in a line of one, and under which head."""
