"""Follow-up of projects: monthly reports, quarterly dispatch, ratings, reminders, lights, benchmarks."""
