"""Materials and their versions: uploaded, checked, published."""
