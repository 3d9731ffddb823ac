"""The library of projects: what is proposed, how it is reviewed and decided, where each one stands."""
