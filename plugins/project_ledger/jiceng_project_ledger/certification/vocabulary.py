"""The words of certification: sorts of findings, how large an acceptance group is."""

SORTS: dict[str, str] = {
    "progress": "进度",
    "quality": "质量",
    "costs": "费用程序",
    "papers": "资料档案",
}
"""`costs`: the rules of quotes and tender were broken; it counts in the assessment while it stands."""
COSTS = "costs"
SMALLEST_GROUP, LARGEST_GROUP, MOST_CONDITIONS = 3, 15, 10
"""An acceptance group has at least three members."""
