"""One person's history out of the inbox: what `pipeline person` shows."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pipeline.collect import collect
from pipeline.deduplicate import deduplicate
from pipeline.ingest import Progress, Read, ingest, newest_period
from pipeline.limits import LIMITS, Limits
from pipeline.model import Claims, Register, Severity
from pipeline.model.stop import Exit, Stop
from pipeline.numbers import compact_no, id_fault
from pipeline.programme import Programme
from pipeline.programme.waivers import Waiver
from pipeline.register import register
from pipeline.validate import validate
from pipeline.values import fold

_NUMBER, _LAST = 18, 4
_FAULTS = {
    "length": "应为 18 位",
    "characters": "含有数字和末位 X 以外的字符",
    "date": "第 7 至 14 位不是真实日期",
    "checksum": "末位校验不符",
}


class NobodyFound(Stop):
    """No one, or more than one, is meant; says so without repeating the number asked for."""

    usual = Exit.USAGE


@dataclass(frozen=True)
class History:
    """One line of the register and the events that led to it, as of a period."""

    period: str
    person: Mapping[str, str]
    events: tuple[Mapping[str, Any], ...]


def history(
    inbox: Path,
    who: tuple[str, ...],
    period: str,
    programme: Programme,
    read: Read | None = None,
    progress: Progress = iter,
    limits: Limits = LIMITS,
    waivers: Iterable[Waiver] = (),
) -> History:
    """The history of whom `who` names: an ID or certificate number, or a name and its last four.

    Computed anew from the returns up to `period` (or the newest). Raises NobodyFound.
    """
    asked = _understood(who)
    readings = ingest(collect(inbox, period, limits), programme, read, progress)
    period = period or newest_period(readings)
    readings = tuple(r for r in readings if r.period <= period)
    claims = deduplicate(validate(readings, programme, waivers), readings, programme, period)
    claims = register(claims, readings, programme, period)
    kept = claims.register
    if kept is None or kept.people.empty:
        raise NobodyFound(f"inbox 里没有 {period} 及以前的名单" if period else "inbox 里没有名单")
    id_no = _found(asked, kept, claims, period)
    (person,) = kept.people[kept.people["id_no"] == id_no].to_dict("records")
    events = kept.events[kept.events["id_no"] == id_no].to_dict("records")
    why = _why_returned(claims)
    told = tuple(
        e | {"note": why.get((e["file"], e["sheet"], e["row"]), e["note"])}
        if e["event"] == "returned"
        else e
        for e in ({str(k): v for k, v in event.items()} for event in events)
    )
    return History(period, {str(k): str(v) for k, v in person.items()}, told)


def _understood(who: tuple[str, ...]) -> tuple[str, str]:
    """(number, '') or (last four, name). Raises NobodyFound for what is neither."""
    if len(who) == 1:
        number = compact_no(who[0])[:_NUMBER]
        if fault := id_fault(number):
            raise NobodyFound(f"这不是完整的证件号：{_FAULTS[fault]}。请核对，或写姓名和末四位")
        return number, ""
    words = sorted(who, key=lambda w: compact_no(w)[:1].isdigit())
    if len(who) != 2 or len(compact_no(words[1])) != _LAST:
        raise NobodyFound("请写完整的证件号，或写姓名和证件号末四位，如：王某某 0028")
    return compact_no(words[1]), words[0]


def _found(asked: tuple[str, str], kept: Register, claims: Claims, period: str) -> str:
    number, name = asked
    people = kept.people
    if name:
        same = people["name"].map(fold) == fold(name)
        ids = people.loc[same & people["id_no"].str.endswith(number), "id_no"].tolist()
        if len(ids) > 1:
            raise NobodyFound(f"姓名和末四位相同的有 {len(ids)} 人，请写完整的证件号")
    else:
        rows = claims.rows
        meant = {number, *rows.loc[rows["id_no"] == number, "person"]}
        mended = kept.events[(kept.events["event"] == "corrected")]
        meant |= set(mended.loc[mended["before"].isin(meant), "id_no"])
        ids = people.loc[people["id_no"].isin(meant), "id_no"].tolist()
    if not ids:
        raise NobodyFound(f"截至 {period} 的报表中没有此人")
    return str(ids[0])


def _why_returned(claims: Claims) -> dict[tuple[str, str, int], str]:
    """What is wrong with each returned row."""
    told: dict[tuple[str, str, int], list[str]] = {}
    for issue in claims.issues:
        if issue.severity == Severity.ERROR and issue.row:
            told.setdefault((issue.file, issue.sheet, issue.row), []).append(issue.message)
    return {place: "；".join(messages) for place, messages in told.items()}
