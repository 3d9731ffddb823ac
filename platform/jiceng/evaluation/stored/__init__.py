"""How runs, results and rulings lie in their tables, and who may see which result."""
