"""Writing a rulebook in forms: descriptions of the fields, forms ⇄ rulebook, drafts, publishing, clauses."""
