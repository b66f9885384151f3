"""What the register's changes do to seats: who leaves loses theirs, who is away gets more time."""
