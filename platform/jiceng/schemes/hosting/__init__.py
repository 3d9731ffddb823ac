"""Plugins asked in a limited child process: what they do wrong stays there."""
