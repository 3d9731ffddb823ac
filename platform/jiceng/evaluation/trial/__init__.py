"""试算: what a draft rulebook would do to the tenant's current data; nothing is stored."""
