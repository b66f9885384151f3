"""利用停止: a person whose data is kept and not used, until it is used again."""
