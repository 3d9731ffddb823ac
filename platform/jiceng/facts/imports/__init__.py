"""Workbooks of facts as wholes: which were imported, what their columns are called, taking one back."""
