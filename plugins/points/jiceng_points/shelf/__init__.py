"""The shelf 货架: what can be claimed, where it comes from, who reviewed it and gave it points."""
