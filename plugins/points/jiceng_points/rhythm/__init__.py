"""The rhythm of a year: monthly dispatch, half-year review, rewards and penalties, year end, forecast."""
