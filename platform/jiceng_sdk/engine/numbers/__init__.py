"""Numbers of many subjects, exact: what every phase computes with."""
