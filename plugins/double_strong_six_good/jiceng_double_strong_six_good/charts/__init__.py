"""Geometry of the charts: numbers for SVG that templates draw; they print and need no script."""
