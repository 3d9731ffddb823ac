"""Items: from facts to points."""
