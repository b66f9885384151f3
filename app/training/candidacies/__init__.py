"""Who is put forward for an offering: by their own application, by their section, by the office."""
