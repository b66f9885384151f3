"""研修命令: numbered, in versions that never change, acknowledged by those they name."""
