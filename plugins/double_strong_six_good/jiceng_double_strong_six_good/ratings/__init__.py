"""Ratings: what town, department and employees give an enterprise on each criterion, as facts of the year."""
