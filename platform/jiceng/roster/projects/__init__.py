"""Projects as subjects: what a plugin's ledger leads, rated like organizations and members."""
