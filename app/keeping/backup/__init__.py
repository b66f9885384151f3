"""バックアップ: encrypted files of one moment, kept for a number of generations, tried out."""
