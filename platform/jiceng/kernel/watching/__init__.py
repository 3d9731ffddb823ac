"""How the service is watched while it runs: logs, metrics, readiness. Never with anybody's data."""
