"""What is done in every tenant every night: forget what is over, count for the overview, prove a run."""
