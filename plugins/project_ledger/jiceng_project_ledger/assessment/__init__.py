"""Assessment: the ledger's data as facts of the scheme, results, proposals of accountability."""
