"""Tenants: who they are, what stands above them, which plugins are on, their dated settings."""
