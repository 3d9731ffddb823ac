"""A roster from its workbook into the tables: read, checked, compared, joined, written."""
