"""Fixtures for every test: embedded servers, a migrated database, tenants."""
