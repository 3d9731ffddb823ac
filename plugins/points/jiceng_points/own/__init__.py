"""A member's own page, phone-sized: by account, or by a one-time link that leads nowhere else."""
