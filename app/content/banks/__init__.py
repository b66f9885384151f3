"""問題集: questions that tests draw from."""
