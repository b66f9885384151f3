"""Links that portals have set to our materials, and who takes one by them."""
