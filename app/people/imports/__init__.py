"""Files of staff and of sections: received, checked, shown, and taken over whole or not at all."""
