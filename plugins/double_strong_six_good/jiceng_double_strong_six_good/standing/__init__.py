"""Where enterprises stand in a year: tier, six criteria, who confirmed it, the sites of every town."""
