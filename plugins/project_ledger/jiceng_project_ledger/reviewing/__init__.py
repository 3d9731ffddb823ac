"""Review 论证: several people score a proposal by criteria before somebody decides about it."""
