"""Facts as rows: their layout, what may be wrong with them, sheets of them, how they are kept and shown."""
