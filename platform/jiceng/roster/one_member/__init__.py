"""The record of one member: read, and labelled."""
