"""The operator's list of plugins: looking at what is installed, signing what may be loaded."""
