"""The record console: piccolo-admin, mended, read-only, inside the tenant."""
