"""Half-year first rating 半年初评 and year-end final rating 年终总评."""
