"""保存期間: what has been kept long enough is listed, proposed, approved, erased and certified."""
