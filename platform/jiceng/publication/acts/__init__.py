"""What named people do to results: confirm verdicts, note objections, answer them."""
