"""Organizations, units and members with their history: who belonged where on any day."""
