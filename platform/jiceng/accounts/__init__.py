"""People who log in: accounts, roles, sessions, invitations, and which route asks for which permission."""
