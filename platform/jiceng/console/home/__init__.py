"""The home page: what is running, what waits for the person who looks, the key figures."""
