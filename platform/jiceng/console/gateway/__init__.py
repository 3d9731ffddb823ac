"""What every request passes: gate, form tokens, headers, errors."""
