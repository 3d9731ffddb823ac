"""Erasing what is kept about a person, on lawful request; scores and the audit log stay provable (T57)."""
