"""The facts of a month, worked out from its figures anew."""

from __future__ import annotations

import re

from pipeline.model import Claims, Figures
from pipeline.model.papers import NOBODY, Contact
from pipeline.programme import Programme
from pipeline.programme.reports import TOPICS
from pipeline.readback.facts_counted import counts_of, filing_of, gaps_of, same_unit
from pipeline.readback.month_facts import Facts, Key, Standing
from pipeline.values import month_end

_SLOT = re.compile(r"\{\w*\}")


def facts_of(
    figures: Figures, claims: Claims, programme: Programme, contact: Contact = NOBODY
) -> Facts:
    """The facts of one month. `contact`: whom papers name for questions; its numbers are no figures."""
    lines = figures.table.to_pylist()
    gazetteer = programme.gazetteer
    top, end = gazetteer.name(gazetteer.top), month_end(figures.period)
    more = {
        (c["unit"], c["level"], c["indicator"]): c["over_month"]
        for c in figures.comparisons.to_pylist()
        if (c["scope"], c["basis"]) == ("year", "listed")
    }
    standings: dict[Key, tuple[Standing, ...]] = {}
    for line in lines:
        key = line["unit_name"], line["indicator"], line["scope"]
        key_of_more = line["unit"], line["level"], line["indicator"]
        standing = Standing(
            line["target"], line["counted"], line["attendances"],
            figures.expected_rates[line["scope"]],
            more.get(key_of_more) if line["scope"] == "year" else None,
            line["returned"] or 0,
        )  # fmt: skip
        standings[key] = (*standings.get(key, ()), standing)
    here = {line["unit"] for line in lines}
    names: dict[str, tuple[str, ...]] = {}  # two units may be called alike for short
    for unit in gazetteer.units:
        for name in dict.fromkeys((*unit.aliases, unit.name)) if unit.code in here else ():
            names[name] = (*names.get(name, ()), unit.name)
    return Facts(
        top=top,
        names=names,
        labels={i.label: i.name for i in programme.indicators},
        unit_words=frozenset(i.unit_word for i in programme.indicators),
        standings=standings,
        months=_months(figures, programme),
        counts=counts_of(figures, claims, programme),
        ranges=_ranges(figures),
        gaps=gaps_of(figures, programme),
        several=len({(c["indicator"], c["year"], c["id_no"]) for c in claims.claims.to_pylist()}),
        concerns={c.name: (c.places, len(c.units)) for c in figures.concerns if c.name},
        sayings=tuple((s.text, len(s.units)) for t in figures.themes for s in t.sayings),
        topics=tuple(sum(t.topic == topic for t in figures.themes) for topic in TOPICS),
        filing=filing_of(figures),
        rates=_rates(figures),
        lagging=programme.lagging,
        years=programme.years,
        year=end.year, month=end.month, day=end.day,
        accounts=frozenset(account.text for account in figures.accounts),
        texts=_texts(figures, programme, contact),
        others=_others(figures),
    )  # fmt: skip


def _months(figures: Figures, programme: Programme) -> dict[tuple[str, int], int]:
    year, last = figures.period[:4], int(figures.period[5:])
    top = figures.table.to_pylist()[0]
    begun = {
        (m["indicator"], int(m["month"][5:])): m["persons"]
        for m in figures.monthly.to_pylist()
        if (m["unit"], m["level"], m["basis"], m["year"]) == (top["unit"], top["level"], "began", year)
        and m["month"][:4] == year
    }  # fmt: skip
    return {
        (i.name, month): sum(begun.get((i.name, m), 0) for m in range(1, month + 1))
        for i in programme.indicators
        for month in range(1, last + 1)
    }


def _ranges(figures: Figures) -> dict[str, tuple[int, int]]:
    top = figures.table.to_pylist()[0]
    return {
        line["indicator"]: (line["least"], line["most"])
        for line in figures.coverage.to_pylist()
        if same_unit(line, top) and line["scope"] == "year"
    }


def _rates(figures: Figures) -> frozenset[float]:
    """Rates of the whole that are no unit's: 序时进度, and how many have filed."""
    total, filed = filing_of(figures)
    return frozenset({*figures.expected_rates.values(), filed / total if total else 0.0})


def _texts(figures: Figures, programme: Programme, contact: Contact) -> tuple[str, ...]:
    """What stands in papers as an office wrote it: no number in it is a figure of ours."""
    own = [programme.notice, programme.notice_title, programme.answer_by, programme.deadline,
           programme.title, programme.short_title, programme.office]  # fmt: skip
    for issue in figures.open.to_pylist():
        if issue["waiver"]:
            own += [programme.rule[issue["rule"]].title, issue["waiver"]]
    for concern in programme.concerns:
        own += [concern.name, concern.ask]
    own += [theme.name for theme in programme.themes]
    own += [contact.name, contact.phone, contact.send_to]
    for report in programme.reports:
        wordings = (*report.title, report.to, *report.signed, report.copied, report.basis)
        own += [part for text in wordings for part in _SLOT.split(text)]
    found = {t for t in own if any(c.isdigit() for c in t)}
    return tuple(sorted(found, key=lambda t: (-len(t), t)))


def _others(figures: Figures) -> frozenset[int]:
    """The whole numbers of the other tables that templates may speak of."""
    tables = (
        (figures.comparisons, ("now", "month_before", "over_month", "year_before", "over_year")),
        (figures.breakdowns, ("persons",)),
        (figures.bridge, ("value",)),
        (figures.monthly, ("persons",)),
        (figures.coverage, ("counted", "least", "most")),
    )
    return frozenset(
        abs(number)
        for table, columns in tables
        for column in columns
        for number in table.column(column).to_pylist()
        if isinstance(number, int)
    )
