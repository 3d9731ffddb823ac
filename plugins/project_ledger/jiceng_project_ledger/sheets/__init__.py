"""Workbooks in: projects with plans, monthly reports, costs, findings, ratings, as a tenant has them."""
