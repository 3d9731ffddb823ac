"""What administrators do with accounts: give roles and scopes, disable, unlock, keep three people apart."""
