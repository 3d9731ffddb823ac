"""Results of a run: lists of them, and one of them explained."""
