"""The plugin's workbooks: declarations, help, instructors; in and out with the same columns."""
