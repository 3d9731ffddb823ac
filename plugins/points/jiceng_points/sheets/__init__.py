"""The plugin's workbooks: the shelf and the year's claims, read, checked, brought in and written out."""
