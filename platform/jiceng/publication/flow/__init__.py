"""The states of a publication and names as a notice shows them. Pure."""
