"""Who records a member's deeds and who verifies them: two others of the same organization."""

from collections import defaultdict

from jiceng.operations.demo_data.shapes import Roster

EVIDENCE = {
    "BX01 参加主题党日": "签到簿",
    "BX02 按时交纳党费": "党费收缴登记",
    "ZX03 清扫楼道": "楼栋长说明",
    "ZX10 矛盾调解": "调解记录",
}
"""Light proof of an item, where a record exists anyway; nothing is asked for twice."""

REASONS = {"奖励加分": "街道年度志愿服务表扬", "处分扣分": "党组织书面批评"}
"""Why points were added or taken, as the sheet says it."""


class Witnesses:
    """Those who hold posts in each organization first, then its other members, by number."""

    def __init__(self, roster: Roster) -> None:
        here = {member.number for member in roster.members if member.until is None}
        self._by_organization: dict[str, list[str]] = defaultdict(list)
        for post in roster.posts:
            if post.member in here:
                self._by_organization[post.organization].append(post.member)
        for member in roster.members:
            known = self._by_organization[member.organization]
            if member.until is None and len(known) < 3 and member.number not in known:  # noqa: PLR2004
                known.append(member.number)
        self._home = {member.number: member.organization for member in roster.members}

    def of(self, member: str) -> tuple[str | None, str | None]:
        """Return who records and who verifies the member's deeds; None where nobody else is there."""
        others = [other for other in self._by_organization[self._home.get(member, "")] if other != member]
        return (others[1] if len(others) > 1 else None, others[0] if others else None)
