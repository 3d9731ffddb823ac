"""What every slice stands on: settings, clock, errors, the database, the servers, the jobs."""
