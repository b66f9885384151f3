"""From an audience to its order in one operation: enrolled, ordered and told (必修の一括命令)."""
