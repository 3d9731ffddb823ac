"""The words of plans: programmes by class, and the causes of weakness the scheme knows."""

PLUGIN = "classification"
SCHEME = "classification"
DEMONSTRATION, RAISING, REMEDY = "示范", "提升", "治弱"
PROGRAMMES = (DEMONSTRATION, RAISING, REMEDY)
CAUSES = (
    "班子配备不齐",
    "书记长期缺位",
    "班子不团结",
    "组织生活停滞",
    "带头人不胜任",
    "矛盾纠纷集中",
    "村务财务混乱",
    "换届超期",
)
EXPLAINED = {
    DEMONSTRATION: "先进组织：创建品牌，带动周边",
    RAISING: "中间组织：找差距，定措施，往上走一档",
    REMEDY: "后进组织：一支部一方案，帮扶人、第一书记、措施、期限，按月报进展，验收销号",
}
