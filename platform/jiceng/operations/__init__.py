"""The operator's side: tenants brought in from folders, demo data."""
