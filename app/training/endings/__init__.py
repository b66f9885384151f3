"""受講者をまとめて外す: several people of a run at once."""
