"""Gifts and opening balances that a tenant brings along in a workbook."""
