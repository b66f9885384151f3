"""Who is here, and who may see what: staff, sections, roles and sign-in."""
