"""The words of the shelf: as stored, as in people's sheets, as in the scheme's facts."""

REQUIRED, CHOSEN, RECOMMENDED = KINDS = ("必选", "自选", "推荐")
PLAN, NEED, UNIT_OFFER, MEMBER_OFFER = SOURCES = ("计划", "需求", "单位", "党员")
FOR_MEMBERS, FOR_ORGANIZATIONS, FOR_BOTH = SIDES = ("党员", "组织", "都可")
SOURCE_TITLES = {PLAN: "街道社区计划", NEED: "群众需求", UNIT_OFFER: "单位自荐", MEMBER_OFFER: "党员自荐"}
"""Sources written out, as pages call them."""
STATES = {"draft": "待审核", "shelf": "在架", "returned": "已退回", "off": "已下架"}
"""States of an item and what pages call them."""
NEED_STATES = {"new": "待办理", "shelved": "已转为事项", "declined": "未采纳"}
MOST_POINTS = 20
"""Most points one item may be worth: the range of `worth` in the scheme's facts."""
