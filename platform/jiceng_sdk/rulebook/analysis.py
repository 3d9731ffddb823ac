"""From rulebook to meaning: types every formula, orders the nodes, and gathers everything that is wrong."""
