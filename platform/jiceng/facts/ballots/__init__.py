"""Ballots: parties and their rolls, votes nobody can trace, paper typed by two, counting into facts."""
