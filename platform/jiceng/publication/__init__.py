"""Publication: from computed results to final ones, in the open, by named people."""
