"""What goes into the ledger and comes out of it; points are Decimal with two places, hundredths inside."""

from __future__ import annotations

from datetime import datetime  # noqa: TC003 - msgspec reads the annotations
from decimal import Decimal
from enum import StrEnum
from uuid import UUID  # noqa: TC003 - msgspec reads the annotations

import msgspec

from jiceng.api import Refusal

ACCOUNT_KINDS = ("member", "issued", "held", "spent")
"""A member's points; where they come from; put aside for pick-up; exchanged for good."""
LARGEST = Decimal(1_000_000)
"""No single movement is larger."""
_HUNDREDTHS = 100


class Because(StrEnum):
    """Why points move: a closed list, so that no words about a person ever enter the ledger."""

    CLAIM_VERIFIED = "claim_verified"
    REWARD = "reward"
    SERVICE = "service"
    OPENING = "opening"
    WITHDRAWN = "withdrawn"
    MISTAKE = "mistake"
    GIFT_HELD = "gift_held"
    GIFT_COLLECTED = "gift_collected"
    GIFT_CANCELLED = "gift_cancelled"
    GIFT_EXPIRED = "gift_expired"


BECAUSE = tuple(each.value for each in Because)
BY_HAND = (Because.SERVICE, Because.REWARD, Because.OPENING)
"""What a clerk may credit by hand; everything else comes from verified claims."""
WORDS: dict[str, str] = {
    "claim_verified": "事项核验通过",
    "reward": "奖励加分",
    "service": "志愿服务积分",
    "opening": "上年结转",
    "withdrawn": "核验撤回",
    "mistake": "登记有误，冲正",
    "gift_held": "兑换占用",
    "gift_collected": "兑换领取",
    "gift_cancelled": "取消兑换",
    "gift_expired": "过期未领",
}
"""Each reason in Chinese, as pages show it."""


class Credit(msgspec.Struct, frozen=True, kw_only=True):
    """Points for a member, once per `key`; `about` is the id of what they are for."""

    member: UUID
    points: Decimal
    key: str
    because: Because
    about: UUID | None = None


class Move(msgspec.Struct, frozen=True, kw_only=True):
    """One transfer to be posted: `amount` hundredths from one account to another."""

    giver: UUID
    taker: UUID
    amount: int
    because: Because
    key: str
    about: UUID | None = None
    reverses: UUID | None = None


class Line(msgspec.Struct, frozen=True, kw_only=True):
    """One entry of a member's account: what it changed and the balance after it."""

    transfer: UUID
    seq: int
    at: datetime
    because: str
    points: Decimal
    balance: Decimal
    reverses: int | None
    reversed_by: int | None

    @property
    def words(self) -> str:
        """Why, in Chinese."""
        return WORDS[self.because]

    @property
    def may_be_undone(self) -> bool:
        """Whether a clerk booked it by hand and nobody reversed it yet."""
        return self.because in BY_HAND and self.reverses is None and self.reversed_by is None


def hundredths(points: Decimal) -> int:
    """Return positive points as hundredths.

    Raises:
        Refusal: not positive, more than two places, not a number, or beyond LARGEST.
    """
    if not points.is_finite() or points <= 0 or points > LARGEST:
        raise Refusal(
            f"积分 {points} 不能入账",
            "积分",
            f"请填大于 0、不超过 {LARGEST} 的数",
            422,
            what_en=f"{points} points cannot be booked",
            todo_en=f"give more than 0 and at most {LARGEST}",
        )
    scaled = points * _HUNDREDTHS
    if scaled != scaled.to_integral_value():
        raise Refusal(
            f"积分 {points} 的小数多于两位",
            "积分",
            "请最多填两位小数",
            422,
            what_en=f"{points} has more than two decimal places",
            todo_en="give at most two",
        )
    return int(scaled)


def in_points(amount: int) -> Decimal:
    """Return hundredths as points with two places."""
    return Decimal(amount).scaleb(-2)
