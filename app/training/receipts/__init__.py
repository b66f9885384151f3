"""受領: who has said that they received what orders them, and who is told again."""
