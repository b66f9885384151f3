"""テスト: papers of tests, written, tried and published by authors."""
