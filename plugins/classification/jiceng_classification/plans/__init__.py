"""Plans: what an organization undertakes in its class, its monthly progress, and how it is accepted."""
