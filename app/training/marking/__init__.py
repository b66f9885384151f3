"""テストの採点: which sittings wait for a hand, their essays as a file, and one sitting more."""
