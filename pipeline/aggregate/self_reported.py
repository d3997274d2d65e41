"""Self-reported totals (自报数) held against the distinct persons filed, after all files are read."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from pipeline.engine import Engine
from pipeline.model import Claims, Issue, Month
from pipeline.programme import Programme

Total = Mapping[str, Any]  # a line of `stated`, with entity, period and until


def compare_stated(
    month: Month, claims: Claims, programme: Programme, engine: Engine
) -> Iterator[Issue]:
    """A warning at the stated cell wherever the newest total of a unit differs from its rosters."""
    totals = list(newest_totals(month, claims, programme))
    labels = {i.name: i.counted_label for i in programme.indicators}
    for total, filed in zip(totals, _filed(totals, claims, programme, engine), strict=True):
        if total["count"] not in filed:
            yield programme.issue(
                "S06", label=labels[total["indicator"]], stated=total["count"], filed=filed[0],
                difference=abs(total["count"] - filed[0]),
            ).at(file=total["file"], sheet=total["sheet"], row=total["row"],
                 column=total["column"], unit=total["unit"])  # fmt: skip


def _filed(
    totals: list[Total], claims: Claims, programme: Programme, engine: Engine
) -> Iterator[tuple[int, ...]]:
    """What each total may truly say: the year so far, the period alone, or either if it is unsaid."""
    import pyarrow as pa

    words = ("entity", "indicator", "period", "until")
    schema = pa.schema([("n", pa.int64()), *((word, pa.string()) for word in words)])
    wanted = [{"n": n, **{word: t[word] for word in words}} for n, t in enumerate(totals)]
    asked = {"rows": claims.rows, "wanted": pa.Table.from_pylist(wanted, schema=schema)}
    found = {line["n"]: line for line in engine.ask("filed_persons", asked).to_pylist()}
    whole = programme.scope == "year"
    for n, total in enumerate(totals):
        line = found.get(n, {"alone": 0, "so_far": 0})
        if total["covers"] == "period":
            yield (line["alone"],)
        elif whole or total["covers"] == "year":
            yield (line["so_far"],)
        else:
            yield (line["so_far"], line["alone"])


def newest_totals(month: Month, claims: Claims, programme: Programme) -> Iterator[Total]:
    """The totals beside the standing returns: of each span the newest period, then filing date.

    A span is a year, or a period where each return lists only what is new. A total that was filed before
    the roster that stands now says nothing of it.
    """
    whole = programme.scope == "year"
    gone = {file for file, _, _ in claims.superseded_by} - {file for file, _, _ in claims.stands}
    periods = month.periods
    newest = _newest_rosters(month, claims, programme)
    dated: dict[tuple[str, str, str], dict[tuple[str, str], list[Total]]] = {}
    for line in month.table("stated").to_pylist():
        if line["file"] in gone:
            continue
        period = periods[line["file"]]
        total = {
            **line, "entity": programme.gazetteer.entity(line["unit"]), "period": period,
            "until": f"{period[:4]}-12" if whole else period,
        }  # fmt: skip
        span = period[:4] if whole else period
        if period < newest.get((total["entity"], total["indicator"], span), ""):
            continue
        of_span = dated.setdefault((total["entity"], total["indicator"], span), {})
        of_span.setdefault((period, line["filed_on"]), []).append(total)
    for by_date in dated.values():
        yield from by_date[max(by_date)]


def _newest_rosters(
    month: Month, claims: Claims, programme: Programme
) -> dict[tuple[str, str, str], str]:
    """By unit (entity), indicator and span the period of the newest roster that stands."""
    found: dict[tuple[str, str, str], str] = {}
    for line in month.table("filings").to_pylist():
        held = line["file"], line["entity"], line["kind"]
        if (
            line["unchanged"]
            or held not in claims.stands
            or line["kind"] not in programme.indicator_of
        ):
            continue
        span = line["period"][:4] if programme.scope == "year" else line["period"]
        key = line["entity"], programme.indicator_of[line["kind"]].name, span
        found[key] = max(found.get(key, ""), line["period"])
    return found
