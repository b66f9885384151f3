"""督促: who has not finished is reminded, by the rule of each offering."""
