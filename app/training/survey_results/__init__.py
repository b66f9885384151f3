"""アンケートの結果: what the people of a run answered, added up, and compared."""
