"""Jiceng 基层: the service that runs a tenant's appraisal."""
