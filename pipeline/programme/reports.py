"""How the month's report is written ([[reports]]), and by what its problems and accounts are grouped."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

LEVELS = ("province", "prefecture")
TOPICS = ("practice", "problem")
REPORT, BULLETIN = "情况报告.docx", "情况通报.docx"
REPORT_SLOTS = frozenset(
    {
        "office",
        "region",
        "region_short",
        "year",
        "period_label",
        "title",
        "short_title",
        "notice",
        "notice_title",
    }
)


@dataclass(frozen=True)
class Report:
    """The month's report as one level of office writes it, in some months or (none named) in all others.

    template: which of the two papers it is filled from; kind: its 文种; title: its lines, broken by sense;
    to: 主送; signed: 署名, side by side; copied: 抄送; basis: what it reports on; mail: the subject under
    which it goes to the agencies; ask: what the mail asks of them. All but months and template may hold
    slots (REPORT_SLOTS).
    """

    level: str
    kind: str
    title: tuple[str, ...]
    to: str
    template: str = REPORT
    signed: tuple[str, ...] = ("{office}",)
    copied: str = ""
    basis: str = "{notice_title}（{notice}）"
    mail: str = "关于报送{period_label}{short_title}完成情况的函"
    ask: str = ""
    months: tuple[int, ...] = ()


@dataclass(frozen=True)
class Concern:
    """One sort of fault as an official speaks of it: the rules it gathers, and what is asked.

    report = false: the office's own affair, of which nothing is said to others.
    """

    name: str
    rules: tuple[str, ...]
    ask: str = ""
    report: bool = True


@dataclass(frozen=True)
class Theme:
    """What counties' accounts of one topic may be about, and the words that tell it."""

    topic: str
    name: str
    words: tuple[str, ...]


def report_of(reports: Iterable[Report], level: str, month: int) -> Report | None:
    """The report of a level in a month: what is meant for that month goes before what is for all."""
    own = [r for r in reports if r.level == level]
    of_month = [r for r in own if month in r.months]
    return next(iter(of_month or [r for r in own if not r.months]), None)
