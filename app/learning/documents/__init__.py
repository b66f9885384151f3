"""xAPI documents: the state of an activity, profiles of agents and activities."""
