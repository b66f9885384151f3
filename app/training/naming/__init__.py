"""指名: the office names people for an offering, past their sections, and asks whether they can."""
