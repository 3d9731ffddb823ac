"""Help for enterprises in the last tier: helper, measures, deadline, monthly progress, acceptance."""
