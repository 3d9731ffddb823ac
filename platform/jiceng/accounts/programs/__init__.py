"""Programs that use the API: the tokens they sign in with, and what an administrator does with tokens."""
