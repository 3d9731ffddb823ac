"""Whom a rulebook rates, in words for screens."""

SUBJECTS = {"member": "党员", "organization": "组织", "enterprise": "企业", "project": "项目"}
