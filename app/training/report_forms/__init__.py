"""報告の様式: what the learners of a training are asked in their reports, and until when."""
