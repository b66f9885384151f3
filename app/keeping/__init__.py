"""What the whole keeps about people: disclosed, erased when its time is over, returned, checked."""
