"""年度実績報告: what became of a year's plan."""
