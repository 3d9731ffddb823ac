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
