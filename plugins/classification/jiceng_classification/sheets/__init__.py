"""The plugin's workbooks: plans and monthly progress, in and out."""
