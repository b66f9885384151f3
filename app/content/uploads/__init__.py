"""Files that come piece by piece and go on after a cut, as tus 1.0.0 has it."""
