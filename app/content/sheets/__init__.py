"""アンケートの作成: the sheet of a survey, written question by question and published."""
