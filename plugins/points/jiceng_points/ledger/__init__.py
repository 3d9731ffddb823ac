"""The ledger of points: balanced transfers that are only ever added, and the proof that they are."""
