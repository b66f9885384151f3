"""未受講者一覧: who has not finished what, asked across all trainings."""
