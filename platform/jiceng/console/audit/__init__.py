"""The auditors' page: reading and exporting the audit log, which itself is audited."""
