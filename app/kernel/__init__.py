"""What every wing stands on: settings, database, clock, errors, jobs, mail, audit, the web."""
