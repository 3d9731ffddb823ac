"""Who somebody is: passwords, tokens, invitations, sessions, lock-out."""
