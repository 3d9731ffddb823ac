"""Cryptography: columns under tenants' own keys, digests and signatures; international or Chinese (gm) suite.

`columns` encrypts and finds values, `devices` holds the keys that protect keys and signs, `suites` and
`signatures` are the algorithms by their stored names. Only `columns` knows the database.
"""
