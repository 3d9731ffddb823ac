"""What one evaluation works on, and what it has found so far."""
