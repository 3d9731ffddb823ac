"""The public notice of results: its wording once, shown as a page, as Word and as PDF."""
