"""What a package holds, whatever standard it is written in."""
