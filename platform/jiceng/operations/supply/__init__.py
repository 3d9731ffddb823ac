"""What the service is built from: its bill of materials, and known holes in it."""
