"""Plugin host, the tenant's schemes and the versions of their rulebooks."""
