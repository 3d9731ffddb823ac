"""The page of one enterprise, where everything that is known of it in a year comes together."""
