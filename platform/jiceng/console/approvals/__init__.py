"""What waits for a second person: the page, and the acts of all slices that may wait."""
