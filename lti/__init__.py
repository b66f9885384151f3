"""LTI 1.3 Advantage as a tool; may import PyLTI1p3, never Flask nor the database."""
