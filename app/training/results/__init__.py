"""受講結果報告: what learners report, and what becomes of it."""
