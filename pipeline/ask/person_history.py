"""One person's history out of a delivered month: what `pipeline person` shows."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pipeline.ask.receipts import Delivered, newest
from pipeline.model import Severity
from pipeline.model.stop import Exit, Stop
from pipeline.numbers import compact_no, id_fault
from pipeline.values import fold

if TYPE_CHECKING:
    import pyarrow as pa

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


def history(outbox: Path, who: tuple[str, ...], period: str = "") -> History:
    """The history of whom `who` names: an ID or certificate number, be it as she counts or as it was
    filed, or a name and its last four.

    As the month of the period says it, or the newest that was delivered. Raises NobodyFound, and Stop
    where no such month was delivered.
    """
    number, name = _understood(who)
    month = newest(outbox, period)
    register = month.table("register.parquet")
    ids = _of_name(name, number, register) if name else _of_number(number, month)
    people = _lines(register, id_no=ids) if ids else []
    if not people:
        raise NobodyFound(f"截至 {month.period} 的报表中没有此人")
    person = people[0]
    events = _lines(month.table("history.parquet"), id_no=[person["id_no"]])
    return History(month.period, person, tuple(_with_reasons(events, month)))


def _understood(who: tuple[str, ...]) -> tuple[str, str]:
    """(number, '') or (last four, name). Raises NobodyFound for what is neither."""
    if len(who) == 1:
        return compact_no(who[0]), ""
    words = sorted(who, key=lambda w: compact_no(w)[:1].isdigit())
    if len(who) != 2 or len(compact_no(words[1])) != _LAST:
        raise NobodyFound("请写完整的证件号，或写姓名和证件号末四位，如：王某某 0028")
    return compact_no(words[1]), words[0]


def _of_name(name: str, last: str, register: Path) -> list[str]:
    """The one person of that name whose number ends so."""
    import pyarrow.compute as pc

    people = _table(register, ["id_no", "name"])
    alike = people.filter(pc.ends_with(people["id_no"], last))
    ids = [p["id_no"] for p in alike.to_pylist() if fold(p["name"]) == fold(name)]
    if len(ids) > 1:
        raise NobodyFound(f"姓名和末四位相同的有 {len(ids)} 人，请写完整的证件号")
    return ids


def _of_number(number: str, month: Delivered) -> list[str]:
    """Under which numbers she may be known now: judged the same, her number corrected, or filed with
    a slip in it."""
    if fault := id_fault(number[:_NUMBER]):
        meant = _filed_as(number, month)
        if not meant:
            raise NobodyFound(
                f"这不是完整的证件号：{_FAULTS[fault]}，也没有人照此填报。请核对，或写姓名和末四位"
            )
    else:
        number = number[:_NUMBER]
        rows = _lines(month.table("rows.parquet"), ["person"], number=[number])
        meant = {number, *(row["person"] for row in rows)}
    corrected = _lines(
        month.table("history.parquet"), ["id_no"], event=["corrected"], before=sorted(meant)
    )
    return sorted(meant | {event["id_no"] for event in corrected})


def _filed_as(number: str, month: Delivered) -> set[str]:
    """The persons in whose standing rows a number, unsound as it is, was typed."""
    cells = _lines(month.table("standing_cells.parquet"), ["file", "sheet", "row", "text"])
    places = {(c["file"], c["sheet"], c["row"]) for c in cells if compact_no(c["text"]) == number}
    if not places:
        return set()
    rows = _lines(
        month.table("rows.parquet"),
        ["file", "sheet", "row", "person"],
        file=sorted({file for file, _, _ in places}),
    )
    return {r["person"] for r in rows if (r["file"], r["sheet"], r["row"]) in places} - {""}


def _with_reasons(
    events: Iterable[Mapping[str, Any]], month: Delivered
) -> Iterable[Mapping[str, Any]]:
    """Of a row that was returned, what is wrong with it."""
    events = list(events)
    if all(event["event"] != "returned" for event in events):
        return events
    why = why_returned(month)
    return [
        {**event, "note": why.get(_place(event, month.period), event["note"])}
        if event["event"] == "returned"
        else event
        for event in events
    ]


def _place(event: Mapping[str, Any], period: str) -> tuple[str, str, str]:
    """Where issues.csv lists the row of an event."""
    return event["file"].removeprefix(f"{period}/"), event["sheet"], str(event["row"])


def why_returned(month: Delivered) -> dict[tuple[str, str, str], str]:
    """What is wrong with each row that was returned, by file as issues.csv has it, sheet and row."""
    reasons: dict[tuple[str, str, str], list[str]] = {}
    with month.table("issues.csv").open(encoding="utf-8-sig", newline="") as stream:
        for issue in csv.DictReader(stream):
            if issue["severity"] == Severity.ERROR and issue["row"]:
                place = (issue["file"], issue["sheet"], issue["row"])
                reasons.setdefault(place, []).append(issue["message"])
    return {place: "；".join(messages) for place, messages in reasons.items()}


def _table(file: Path, columns: list[str] | None = None, /, **values: Iterable[str]) -> pa.Table:
    """The lines of a table whose columns hold one of the values each."""
    import pyarrow.parquet as pq

    wanted = [(column, "in", list(of)) for column, of in values.items()]
    return pq.read_table(file, columns=columns, filters=wanted or None)


def _lines(
    file: Path, columns: list[str] | None = None, /, **values: Iterable[str]
) -> list[dict[str, Any]]:
    lines: list[dict[str, Any]] = _table(file, columns, **values).to_pylist()
    return lines
