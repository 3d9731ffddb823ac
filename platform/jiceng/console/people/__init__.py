"""The page of one account: its role, the part of the roster it sees by name, its sessions."""
