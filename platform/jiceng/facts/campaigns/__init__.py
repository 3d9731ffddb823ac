"""Rating campaigns: a rubric sheet for every subject, rated by itself, its superior and the department."""
