"""What the office and organisers have to decide, to order, and to mend."""
