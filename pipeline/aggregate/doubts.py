"""What keeps figures from being final: who has not filed, what waits for an answer, what could not be taken in."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from pipeline.model import Claims, Month, Status
from pipeline.programme import Programme
from pipeline.values import month_end

_GUESSED = "code"  # the last resort: which code is lower says nothing of where she belongs
Key = tuple[str, str]  # entity, indicator


@dataclass
class Doubts:
    """What keeps the figures of one unit and indicator from being final, and who could still move.

    may_come: persons who could count here, each with the unit where she counts now ('' for none).
    """

    why: dict[str, None] = field(default_factory=dict)
    waiting_rows: int = 0
    may_leave: set[str] = field(default_factory=set)
    may_come: dict[str, str] = field(default_factory=dict)


def doubts_of(
    month: Month, claims: Claims, not_filed: Iterable[str], programme: Programme
) -> Mapping[Key, Doubts]:
    """By unit (entity) and indicator."""
    doubts: defaultdict[Key, Doubts] = defaultdict(Doubts)
    _unfiled(doubts, month, not_filed, programme)
    _untaken(doubts, month, programme)
    for line in claims.claims.to_pylist():
        if line["reason"] == _GUESSED and line["year"] == month.period[:4]:
            entity = programme.gazetteer.entity
            doubt = doubts[entity(line["unit"]), line["indicator"]]
            keeper = entity(line["counted_for"])
            if entity(line["unit"]) == keeper:
                doubt.may_leave.add(line["person"])
            else:
                doubt.may_come[line["person"]] = keeper
    return doubts


def _unfiled(
    doubts: defaultdict[Key, Doubts], month: Month, not_filed: Iterable[str], programme: Programme
) -> None:
    """Counties that filed nothing in the period, and those that filed one kind of roster and not the other."""
    gazetteer, periods = programme.gazetteer, month.periods
    last: dict[Key, str] = {}
    accepted = _accepted(month)
    for line in month.table("filings").to_pylist():
        period = periods[line["file"]]
        if (
            line["file"] in accepted
            and period[:4] == month.period[:4]
            and line["kind"] in programme.indicator_of
        ):
            key = line["entity"], programme.indicator_of[line["kind"]].name
            last[key] = max(last.get(key, ""), period)
    silent = set(not_filed)
    for unit in gazetteer.counties(month_end(month.period)):
        entity = gazetteer.entity(unit.code)
        for indicator in programme.indicators:
            before = last.get((entity, indicator.name), "")
            if before == month.period:
                continue
            instead = f"沿用 {before} 的名单" if before else "本年尚未报送"
            what = f"{unit.name}本期未报"
            what += "" if unit.code in silent else f"{indicator.label}名单"
            doubts[entity, indicator.name].why[f"{what}（{instead}）"] = None


def _accepted(month: Month) -> frozenset[str]:
    return frozenset(
        line["path"]
        for line in month.table("inputs").to_pylist()
        if line["status"] == Status.ACCEPTED
    )


def _untaken(doubts: defaultdict[Key, Doubts], month: Month, programme: Programme) -> None:
    """Files of a known unit that cannot be opened, and sheets that wait for their columns or were refused."""
    entity = programme.gazetteer.entity
    waiting: dict[str, set[Key]] = {}
    for line in month.table("column_questions").to_pylist():
        own = line["waits"] and line["period"] == month.period
        if own and line["kind"] in programme.indicator_of:
            key = entity(line["unit"]), programme.indicator_of[line["kind"]].name
            waiting.setdefault(line["file"], set()).add(key)
    for line in month.table("inputs").to_pylist():
        if (line["period"] or line["folder_period"]) != month.period:
            continue
        name = line["path"].rpartition("/")[2]
        units = {entity(unit) for unit in filter(None, line["units"].split(";"))}
        kinds = [k for k in line["kinds"].split(";") if k in programme.indicator_of]
        names = [programme.indicator_of[k].name for k in kinds] or [
            i.name for i in programme.indicators
        ]
        if line["path"] in waiting:
            _rows_in_doubt(
                doubts, sorted(waiting[line["path"]]), line["refused_rows"],
                f"{name} 的列等认列，{line['refused_rows']} 行未计",
            )  # fmt: skip
        elif len(units) == 1 and line["status"] == Status.UNREADABLE:
            keys = [(unit, indicator) for unit in units for indicator in names]
            _rows_in_doubt(doubts, keys, 0, f"{name} 打不开")
        elif len(units) == 1 and line["refused_rows"]:
            keys = [(unit, indicator) for unit in units for indicator in names]
            why = f"{name} 有 {line['refused_rows']} 行随整张表退回，未计"
            _rows_in_doubt(doubts, keys, line["refused_rows"], why)


def _rows_in_doubt(
    doubts: defaultdict[Key, Doubts], keys: Iterable[Key], rows: int, why: str
) -> None:
    for key in keys:
        doubts[key].why[why] = None
        doubts[key].waiting_rows += rows
