"""The ledger of seats: how many an offering has for whom, and how many are taken."""
