"""The debug log of an attempt: what its content called, and why the sequencer did what it did."""
