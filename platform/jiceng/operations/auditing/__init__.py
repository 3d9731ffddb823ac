"""The operator's side of the audit log: verifying, exporting, handing heads out, purging what expired."""
