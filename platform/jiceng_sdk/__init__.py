"""What authors of schemes import: rulebook, engine, worked cases. Pure: no web, no database."""
