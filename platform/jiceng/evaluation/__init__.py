"""Runs: inputs frozen, evaluated by a job, results and their explanation kept."""
