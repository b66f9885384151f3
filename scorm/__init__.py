"""SCORM 1.2 and 2004 as pure functions: no disk, no network, no clock, no randomness of its own."""
