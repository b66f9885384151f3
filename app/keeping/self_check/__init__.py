"""点検: the settings and the state of this installation, held against each control."""
