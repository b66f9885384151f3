"""変更命令: ordering anew whoever was ordered to other days or places than the run has now."""
