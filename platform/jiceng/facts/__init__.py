"""Evidence that rules read: append-only, numbered per tenant, entered and accepted by named people."""
