"""The month's page: what index.html says beside the figures, with a link to everything delivered."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from itertools import groupby
from typing import Any

from pipeline.model import Figures, Month
from pipeline.model.papers import Papers
from pipeline.programme import Programme
from pipeline.render.page.county_cards import Known, cards, filters
from pipeline.render.page.deadlines import next_deadline
from pipeline.render.page.filed_papers import Filed, files_by_filer
from pipeline.render.page.hrefs import anchor, href, href_sent
from pipeline.render.page.rate_bars import bars
from pipeline.render.page.trend_lines import new_by_month, trends
from pipeline.render.standings import DASH, percent
from pipeline.values import month_end

__all__ = ["anchor", "href", "month_page"]


def month_page(
    month: Month,
    figures: Figures,
    programme: Programme,
    view: Mapping[str, Any],
    papers: Papers,
    originals: Mapping[str, str],
) -> dict[str, Any]:
    """`page`: all that the template asks for beyond the month's view.

    `originals`: for each file of the inbox, by the path it is known under, where below it it lies.
    """
    filed = files_by_filer(month, figures, programme, originals)
    by_month = new_by_month(figures)
    written = tuple(entry["path"] for entry in papers.written)
    filings = figures.filings.to_pylist()
    filing = {line["unit"]: line for line in filings if line["level"] == "county"}
    known = Known(figures, programme, filed, by_month, written, filing)
    counties = cards(view["lines"], known)
    return {
        "counties": counties,
        "filters": filters(counties),
        "prefectures": _by_prefecture(counties),
        "whole": [bars([i["year"]], figures.expected_rates["year"]) for i in view["indicators"]],
        "bars": [_ranked(i, figures) for i in view["indicators"]],
        "trends": trends(figures, programme, by_month, filed.months),
        "deadline": next_deadline(programme, month_end(figures.period)),
        "others": _others(filed, counties, programme),
        "agencies": _agencies(written, figures.period, programme),
        "open": _open_questions(view),
        "sent": href_sent(figures.period),
        "folders": {name for name in ("退回", "催报", "报送") if any(p.startswith(f"{name}/") for p in written)},
        "papers": {path: href(path) for path in written if "/" not in path},
        "rounds": sum(line["rounds"] > 1 for line in filing.values()),
        "first_pass": _first_pass(filings[0]),
    }  # fmt: skip


def _first_pass(filing: Mapping[str, Any]) -> str:
    """Of the rows of all first returns of the period, the share without an error."""
    rows = filing["first_rows"]
    return percent(filing["first_sound"] / rows) if rows else DASH


def _by_prefecture(counties: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """The tiles of the map: counties under their prefecture, both in the programme's order.

    Where places lie no programme says; so the rows say nothing of it either.
    """
    tiles = (card for card in counties if card["county"])
    return [
        {"name": name, "counties": list(of)}
        for name, of in groupby(tiles, key=lambda card: card["prefecture"])
    ]


def _ranked(indicator: Mapping[str, Any], figures: Figures) -> dict[str, Any]:
    drawn = bars(indicator["ranked"], figures.expected_rates["year"])
    return {"label": indicator["label"], "level_label": indicator["level_label"], **drawn}


def _others(
    filed: Filed, counties: Iterable[Mapping[str, Any]], programme: Programme
) -> list[dict[str, Any]]:
    """The files that no card lists: task tables, judgements, and what could not be told whose it is."""
    shown = {programme.gazetteer.entity(card["code"]) for card in counties}
    listed = {
        id(line)
        for of_period in (filed.now, filed.before)
        for unit in shown & of_period.keys()
        for line in of_period[unit]
    }
    rest = {
        id(line): line
        for of_period in (filed.now, filed.before)
        for unit in sorted(of_period.keys() - shown)
        for line in of_period[unit]
        if id(line) not in listed
    }
    return list(rest.values())


def _agencies(written: Iterable[str], period: str, programme: Programme) -> list[dict[str, Any]]:
    """What lies ready for each agency, and where it is said when it was sent."""
    papers = [path for path in written if path.startswith("报送/")]
    found = []
    for agency in programme.agencies:
        own = [path for path in papers if path.split("/")[1] == agency.name]
        if agency.receives_on(month_end(period)) and own:
            found.append(
                {
                    "name": agency.name, "full_name": f"{agency.full_name}{agency.department}",
                    "own": agency.full_name == programme.office, "folder": href(f"报送/{agency.name}/"),
                    "papers": [{"name": p.rsplit("/", 1)[-1], "href": href(p)} for p in own],
                    "sent": href_sent(period, agency.name),
                }
            )  # fmt: skip
    return found


def _open_questions(view: Mapping[str, Any]) -> dict[str, int]:
    """Of whom 待裁定.xlsx asks: pairs, and persons of several units; and answers that were not taken."""

    def waiting(lines: Iterable[Mapping[str, Any]], answer: str) -> int:
        return sum(not line[answer] or bool(line["again"] or line["refused"]) for line in lines)

    return {
        "pairs": waiting(view["pairs"], "verdict"),
        "keepers": waiting(view["keepers"], "moved_to"),
        "refused": sum(answer["state"] != "已采用" for answer in view["answers"]),
    }
