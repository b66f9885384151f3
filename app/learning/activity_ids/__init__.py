"""How the parts of materials are called in statements."""
