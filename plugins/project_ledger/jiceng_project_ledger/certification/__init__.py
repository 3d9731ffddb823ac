"""Quality certification: supervisors and what they find, the satisfaction survey, acceptance by a group."""
