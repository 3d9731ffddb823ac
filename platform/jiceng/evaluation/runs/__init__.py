"""Opening a run with its inputs frozen, and computing it."""
