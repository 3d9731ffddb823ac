"""Project-based management 党建项目化管理: the library of projects, their plans, costs and follow-up."""
