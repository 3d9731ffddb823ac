"""The hash chain, without a database: how an entry is sealed, and what betrays that one was touched."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime
from uuid import UUID

import msgspec

from jiceng.kernel.ciphers.suites import digest

_DIGESTS = {name: digest(name) for name in ("sha256", "sm3")}
"""By the id stored with each entry: a chain may go on with the algorithm of another suite."""


class Entry(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One entry as it is sealed, stored and exported. Order of the fields = order in the sealed text."""

    tenant: int
    seq: int
    id: UUID
    at: datetime
    door: str
    person: UUID | None
    address: str
    request: UUID | None
    event: str
    object_kind: str
    object_id: str
    success: bool
    details: str
    algorithm: str
    hash: str
    """Hexadecimal; not part of what is sealed."""


class Head(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The end of a tenant's chain, and where it begins: what was purged ends at `purged_seq`."""

    tenant: int
    seq: int
    hash: str
    purged_seq: int = 0
    purged_hash: str = ""


class Finding(msgspec.Struct, frozen=True):
    """Something that betrays tampering, at entry `seq`."""

    seq: int
    rule: str
    zh: str
    en: str

    def __str__(self) -> str:
        return f"第 {self.seq} 条：{self.zh}（{self.rule}: {self.en}）"


RULES = {
    "changed": ("内容与哈希不符，被改动过", "the entry does not fit its hash"),
    "missing": ("缺少此前的记录", "entries before this one are missing"),
    "order": ("次序颠倒、重复或属于别的单位", "out of order, twice, or another tenant's"),
    "algorithm": ("哈希算法未知", "unknown hash algorithm"),
    "end": ("链尾与登记的链头不符，末尾的记录被删改", "the end is not the recorded head"),
    "head": ("与此前交出的链头不符，记录被截断或重写", "does not hold the head handed out before"),
    "purge": ("清除的起点与清除记录不符", "the checkpoint is not the one the purge recorded"),
    "signature": ("链头的签名不符", "the signature of the head does not hold"),
    "form": ("导出文件被改动或不完整", "the export was changed or is incomplete"),
}


def finding(rule: str, seq: int) -> Finding:
    """Return a finding of `rule` at entry `seq`."""
    return Finding(seq, rule, *RULES[rule])


def sealed(previous: str, entry: Entry) -> str:
    """Return the hash of `entry` following an entry with the hash `previous` ("" for the first).

    Raises:
        KeyError: the entry names an unknown algorithm.
    """
    told = msgspec.structs.astuple(entry)[:-1]
    text = msgspec.json.encode((*told[:3], moment_text(entry.at), *told[4:]))
    return _DIGESTS[entry.algorithm](previous.encode() + text).hex()


def moment_text(moment: datetime) -> str:
    """A time with microseconds and offset, always written in the same way."""
    return moment.astimezone(UTC).isoformat(timespec="microseconds")


class Checker:
    """Goes along a chain entry by entry; `known` are heads that were handed out before and kept elsewhere.

    After a fault it goes on from the stored hash, so each finding names a place that was touched.
    """

    def __init__(self, head: Head, known: Sequence[Head] = ()) -> None:
        self._head = head
        self._seq, self._previous = head.purged_seq, head.purged_hash
        self._known = {each.seq: each.hash for each in known if each.seq >= head.purged_seq}
        self._purged = ""
        self.findings: list[Finding] = []
        self._compare(head.purged_seq, head.purged_hash)

    def see(self, entry: Entry) -> None:
        """Check the next entry."""
        self.findings += _one(entry, self._head.tenant, self._seq, self._previous)
        self._compare(entry.seq, entry.hash)
        if entry.event == "audit_purged":
            self._purged = entry.details
        self._seq, self._previous = entry.seq, entry.hash

    def end(self) -> list[Finding]:
        """Check that the chain ends where it should; returns everything that is wrong."""
        head = self._head
        if (self._seq, self._previous) != (head.seq, head.hash):
            self.findings.append(finding("end", self._seq))
        if head.purged_seq and self._purged != purge_details(head.purged_seq, head.purged_hash):
            self.findings.append(finding("purge", head.purged_seq))
        self.findings += [finding("head", seq) for seq in sorted(self._known)]
        return self.findings

    def _compare(self, seq: int, stored: str) -> None:
        if self._known.pop(seq, stored) != stored:
            self.findings.append(finding("head", seq))


def check(entries: Iterable[Entry], head: Head, known: Sequence[Head] = ()) -> list[Finding]:
    """Return what is wrong with a chain that is all in memory."""
    checker = Checker(head, known)
    for entry in entries:
        checker.see(entry)
    return checker.end()


def purge_details(last: int, digest: str) -> str:
    """The details of the entry that tells of a purge up to `last`."""
    return msgspec.json.encode({"digest": digest, "last": last}).decode()


def _one(entry: Entry, tenant: int, seq: int, previous: str) -> Iterator[Finding]:
    if entry.tenant != tenant or entry.seq <= seq:
        yield finding("order", entry.seq)
    elif entry.seq > seq + 1:
        yield finding("missing", entry.seq)
    if entry.algorithm not in _DIGESTS:
        yield finding("algorithm", entry.seq)
    elif sealed(previous, entry) != entry.hash and entry.seq == seq + 1:
        yield finding("changed", entry.seq)
