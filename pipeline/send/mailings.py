"""Who was told what and when: the ledger held against what a delivered month has for everybody."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from pipeline.ask import Delivered
from pipeline.programme import Programme
from pipeline.send.drafts import draft_of
from pipeline.send.ledger import ACCEPTED, SENDING, STATES, Line, last_of_each
from pipeline.send.parcels import LETTER, Awaited, awaited

UNSENT, DRAFT = "unsent", "draft"
_WORDS = {**STATES, UNSENT: "尚未发送", DRAFT: "没有邮箱，已写草稿"}


@dataclass(frozen=True)
class Mailing:
    """One version of the papers to one address, and what came of it."""

    address: str
    version: int
    replaces: int
    at: str  # 2018-12-01 09:30
    event: str
    answer: str
    documents: tuple[str, ...]
    in_clear: str

    @property
    def word(self) -> str:
        """What came of it, for a clerk."""
        return _WORDS[self.event]


@dataclass(frozen=True)
class Correspondent:
    """One agency or unit: what went to it, the oldest first.

    state: of the newest mailing, or `unsent` or `draft`. stale: what lies ready is not what it has.
    """

    recipient: str
    shown: str
    is_unit: bool
    mailings: tuple[Mailing, ...]
    state: str
    stale: bool
    draft: Path | None

    @property
    def word(self) -> str:
        """How it stands, for a clerk."""
        return _WORDS[self.state]

    @property
    def unknown(self) -> bool:
        """Whether a person must say if a mail arrived."""
        return any(m.event == SENDING for m in self.mailings)


def correspondence(
    month: Delivered, ledger: Iterable[Line], programme: Programme, outbox: Path
) -> list[Correspondent]:
    """Everybody for whom the month has something, agencies first; then whoever else was written to.

    Raises Stop where the month's list of packages cannot be read.
    """
    lines: defaultdict[str, list[Line]] = defaultdict(list)
    for line in last_of_each(ledger):
        if line.period == month.period:
            lines[line.recipient].append(line)
    waiting = awaited(month, programme)
    others = [
        Awaited(name, programme.gazetteer.name(name), name in programme.gazetteer.by_code, {})
        for name in sorted(lines.keys() - {one.recipient for one in waiting})
    ]
    return [
        _mailed(one, lines[one.recipient], draft_of(outbox, month.period, one.recipient, one.shown))
        for one in (*waiting, *others)
    ]


def _mailed(one: Awaited, lines: list[Line], draft: Path) -> Correspondent:
    mailings = _mailings(lines)
    written = draft if draft.is_file() else None
    state = mailings[-1].event if mailings else DRAFT if written else UNSENT
    return Correspondent(
        one.recipient, one.shown, one.is_unit, mailings, state, _stale(one, lines), written
    )


def _mailings(lines: Iterable[Line]) -> tuple[Mailing, ...]:
    """The mails of one version to one address that came to the same are one."""
    together: dict[tuple[str, int, str], list[Line]] = {}
    for line in sorted(lines, key=lambda line: line.n):
        together.setdefault((line.address, line.version, line.event), []).append(line)
    return tuple(
        Mailing(
            address, version, last.replaces, _minute(last.at), event, last.answer,
            tuple(sorted({name for line in of for name in line.documents if name != LETTER})),
            last.in_clear,
        )
        for (address, version, event), of in together.items()
        for last in of[-1:]
    )  # fmt: skip


def _stale(one: Awaited, lines: list[Line]) -> bool:
    """Whether something arrived, and the newest of it is not what lies ready now."""
    arrived = [line for line in lines if line.event == ACCEPTED]
    if not arrived or not one.digests:
        return False
    newest = max(line.version for line in arrived)
    has: Mapping[str, str] = {
        name: digest
        for line in arrived
        if line.version == newest
        for name, digest in line.documents.items()
    }
    return any(has.get(name) != digest for name, digest in one.digests.items())


def _minute(at: str) -> str:
    return at[:16].replace("T", " ")
