"""Tenants from a folder or a list: found, read, planned, applied."""
