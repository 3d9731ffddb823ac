"""Columns encrypted under tenants' own keys, and names hidden in addresses.

`keyring` encrypts and finds values, `converting` moves them to new keys, `hidden` writes words so that an
address does not tell them. The algorithms and the device of the keys stand below the database, in `ciphers`.
"""
