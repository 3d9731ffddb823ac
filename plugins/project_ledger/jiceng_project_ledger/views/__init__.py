"""Views of the ledger: the standard sheet, groups, the calendar, the district, one project's file."""
