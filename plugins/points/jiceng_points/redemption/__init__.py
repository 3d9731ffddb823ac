"""Redemption: gifts, their stock, points held, pick-up by code, expiry; never part of the appraisal."""
