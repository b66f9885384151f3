"""Who may do what: roles with scope and period."""
