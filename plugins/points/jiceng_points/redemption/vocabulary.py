"""The words of redemption: states, kinds of stock changes, who qualifies: as stored and as shown."""

STATES = ("held", "collected", "cancelled", "expired")
STATE_WORDS: dict[str, str] = {
    "held": "待领取",
    "collected": "已领取",
    "cancelled": "已取消",
    "expired": "过期未领",
}
STOCK_CHANGES = ("intake", "count", "held", "returned")
STOCK_WORDS: dict[str, str] = {
    "intake": "入库",
    "count": "盘点",
    "held": "兑换占用",
    "returned": "退回",
}
QUALIFIES = ("grade", "score", "anyone")
QUALIFIES_WORDS: dict[str, str] = {
    "grade": "最近一次正式结果的等次",
    "score": "最近一次正式结果的分数",
    "anyone": "有积分即可",
}
STANDINGS: dict[str, str] = {
    "closed": "兑换暂未开放",
    "paused": "已被暂缓兑换，请咨询党组织",
    "left": "已不在名册，不能兑换",
    "anyone": "有积分就可以兑换",
    "no_result": "还没有正式生效的年度结果，不能兑换",
    "passed": "%(period)s的正式结果为%(told)s，可以兑换",
    "not_passed": "%(period)s的正式结果为%(told)s，不能兑换",
}
"""Why somebody may or may not redeem."""
