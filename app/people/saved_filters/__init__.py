"""抽出条件の保存: lists as somebody wants them again."""
