"""Enterprises rated by 「双强六好」, with what grows from it: sites, help, instructors, coverage."""
