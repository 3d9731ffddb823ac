"""The words of 「双强六好」: plugin and scheme, criteria, parties, tiers, coverage."""

PLUGIN = SCHEME = "double_strong_six_good"
ADDRESS = "double-strong-six-good"
CRITERIA = {
    "production": "生产经营好",
    "culture": "企业文化好",
    "labour": "劳动关系好",
    "leaders": "党组织班子好",
    "people": "党员队伍好",
    "standing": "社会反映好",
}
"""The six criteria 六好, by the name of their item in the rulebook."""
MOST = 10
"""The most points of one criterion."""
TOWN, DEPARTMENT, EMPLOYEES = "镇街", "部门", "职工"
PARTIES = (TOWN, DEPARTMENT, EMPLOYEES)
MODEL, MIDDLE, WEAK = "示范", "中间", "后进"
TIERS = {MODEL: "示范点", MIDDLE: "中间", WEAK: "后进"}
RATED_KINDS = ("国企", "非公企业", "社会组织")
NON_PUBLIC, SOCIETY = "非公企业", "社会组织"
SEPARATE, JOINT, FEW, NONE = "单独组建", "联合组建", "仅有个别党员", "无党员"
COVERAGE = (SEPARATE, JOINT, FEW, NONE)
COVERED = (SEPARATE, JOINT)
LONGEST_TEXT, LONGEST_NAME = 2000, 60
