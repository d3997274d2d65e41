"""A card for every county: its figures, letters, files, findings and months, and the states it is in."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple

from pipeline.model import Figures, Severity
from pipeline.model.words import SEVERITY_WORDS
from pipeline.programme import Indicator, Programme
from pipeline.render.notices import QUESTIONED, RETURNED, URGED
from pipeline.render.page.filed_papers import Filed
from pipeline.render.page.hrefs import href, href_sent
from pipeline.render.page.rate_bars import bars, on_scale
from pipeline.render.page.trend_lines import ByMonth
from pipeline.syllables import syllables_of
from pipeline.units import Gazetteer

if TYPE_CHECKING:
    import pyarrow as pa

LATE, RETURNED_ROWS, ASKED, BEHIND, DONE = "late", "returned", "asked", "behind", "done"
STATES = {
    LATE: "未报", RETURNED_ROWS: "有退回", ASKED: "待核实", BEHIND: "欠进度", DONE: "完成年度任务",
}  # fmt: skip
_BUNDLES = "本级和合报"
_NOTHING_FOUND: dict[str, Any] = {"errors": 0, "warnings": 0, "worst": [], "rest": 0}
_LETTERS = (RETURNED, QUESTIONED, URGED)
_WORST = 5  # findings named on a card
_LEAST, _TILE = 3, 4  # characters of a name on a tile
_WEIGHED = (Severity.ERROR.value, Severity.WARNING.value)


class Known(NamedTuple):
    """What the cards are made of."""

    figures: Figures
    programme: Programme
    filed: Filed
    by_month: ByMonth
    written: tuple[str, ...]  # the papers of the month so far, by path
    filing: Mapping[str, Mapping[str, Any]]  # filings.csv, by county


def cards(lines: Iterable[Mapping[str, Any]], known: Known) -> list[dict[str, Any]]:
    """One card a line of county level, in the order of the summary; and one, without figures, for an
    office above them that sent a bundle or got a letter."""
    lines = list(lines)
    below = {line["code"] for line in lines if line["level"] == "county"}
    every = _Every(
        known,
        _findings(known.figures, known.programme),
        _folders(known.written, known.programme.gazetteer),
        _provisional(known.figures, known.programme),
        _places(known.figures),
        bars(
            (line[i.name]["year"] for line in lines for i in known.programme.indicators
             if line["level"] == "county"),
            known.figures.expected_rates["year"],
        ),
        syllables_of(line["name"] for line in lines),
    )  # fmt: skip
    return [
        every.card(line)
        for line in lines
        if line["level"] == "county" or (line["code"] not in below and every.sent_anything(line))
    ]


def filters(found: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """The states that occur, with how many units are in them."""
    states = [state for card in found for state in card["states"]]
    return [
        {"state": state, "label": label, "count": states.count(state)}
        for state, label in STATES.items()
        if state in states
    ]


@dataclass(frozen=True)
class _Every:
    """What every card looks up: findings and papers by entity, ranges and ranks by line; and the one
    scale on which all bars are drawn."""

    known: Known
    findings: Mapping[str, dict[str, Any]]
    folders: Mapping[str, list[str]]
    doubts: Mapping[tuple[str, str], list[dict[str, Any]]]
    places: Mapping[tuple[str, str, str], tuple[int, int]]
    scale: Mapping[str, Any]
    sounds: Mapping[str, Sequence[str]]  # of each unit's name

    def sent_anything(self, line: Mapping[str, Any]) -> bool:
        """Whether an office above the counties has a letter or files of its own."""
        entity = self.known.programme.gazetteer.entity(line["code"])
        return entity in self.folders or bool(self.known.filed.now.get(entity))

    def card(self, line: Mapping[str, Any]) -> dict[str, Any]:
        """All that one card says."""
        known, programme, figures = self.known, self.known.programme, self.known.figures
        code, own, county = line["code"], bool(line.get("own")), line["level"] == "county"
        entity = programme.gazetteer.entity(code)
        above = programme.gazetteer.prefecture_of(code)
        within = programme.gazetteer.name(above) if above and (above != code or own) else ""
        letters = self.folders.get(entity, [])
        recipient = _code_in(letters[0]) if letters else code
        found = self.findings.get(entity, _NOTHING_FOUND)
        states = _states(line, letters, found, programme) if county else _asked(letters, found)
        return {
            "id": f"u{code}{'-own' if own else ''}",
            "code": code,
            "name": line["name"],
            "short": line["name"] if own else _short(programme.gazetteer, code),
            "county": county and not own,
            "prefecture": (_short(programme.gazetteer, above) if within else "") if county else _BUNDLES,
            "find": f"{within}{line['name']} {code} {_spelt(self.sounds[line['name']])}",
            "states": states,
            "badges": [{"word": STATES[s], "state": s} for s in states],
            "indicators": [self._indicator(line, i) for i in programme.indicators if county],
            "provisional": self.doubts.get((code, line["level"]), []) if county else [],
            "findings": found,
            "letters": [_linked(path) for path in letters],
            "folders": [_linked(f"{path}/") for path in sorted({p.rsplit("/", 1)[0] for p in letters})],
            "files": known.filed.now.get(entity, []),
            "earlier": known.filed.before.get(entity, []),
            "older": known.filed.older.get(entity, 0),
            "months": list(_months(code, entity, known)) if county and not own else [],
            "changes": figures.changes.get(code),
            "filing": {} if own else known.filing.get(code, {}),
            "sent": href_sent(figures.period, recipient) if letters or not line["filed"] else "",
        }  # fmt: skip

    def _indicator(self, line: Mapping[str, Any], indicator: Indicator) -> dict[str, Any]:
        year = line[indicator.name]["year"]
        rank, among = self.places.get((line["code"], line["level"], indicator.name), (0, 0))
        return {
            "label": indicator.label, "year": year, "cumulative": line[indicator.name]["cumulative"],
            "scale": self.scale, "drawn": on_scale(year, self.scale), "rank": rank, "of": among,
        }  # fmt: skip


def _states(
    line: Mapping[str, Any],
    letters: Iterable[str],
    found: Mapping[str, Any],
    programme: Programme,
) -> list[str]:
    standings = [line[i.name]["year"]["status"] for i in programme.indicators]
    met = standings.count("已完成")
    return [
        *([] if line["filed"] else [LATE]),
        *_asked(letters, found),
        *([BEHIND] if "欠进度" in standings else []),
        *([DONE] if met and met == len(standings) else []),
    ]


def _asked(letters: Iterable[str], found: Mapping[str, Any]) -> list[str]:
    """The states of an office above the counties: whether it got something back, or is asked."""
    named = {path.rsplit("/", 1)[-1] for path in letters}
    answers = {
        RETURNED_ROWS: RETURNED in named or found["errors"] > 0,
        ASKED: QUESTIONED in named,
    }
    return [state for state, holds in answers.items() if holds]


def _places(figures: Figures) -> dict[tuple[str, str, str], tuple[int, int]]:
    return {
        (line["unit"], line["level"], line["indicator"]): (line["rank"], line["of"])
        for line in figures.progress.to_pylist()
        if line["scope"] == "year"
    }


def _provisional(
    figures: Figures, programme: Programme
) -> dict[tuple[str, str], list[dict[str, Any]]]:
    found: defaultdict[tuple[str, str], list[dict[str, Any]]] = defaultdict(list)
    for line in figures.coverage.to_pylist():
        if line["provisional"] and line["scope"] == "year":
            label = programme.indicator[line["indicator"]].label
            found[line["unit"], line["level"]].append({"label": label, **line})
    return found


def _findings(figures: Figures, programme: Programme) -> dict[str, dict[str, Any]]:
    """By unit (entity) how many places are returned and to be verified, and the most frequent of them."""
    files = {entry.path: entry.unit for entry in figures.inputs}
    counted: defaultdict[str, defaultdict[tuple[str, str], int]] = defaultdict(
        lambda: defaultdict(int)
    )
    for line in _places_found(figures.open).to_pylist():
        rule = programme.rule[line["rule"]]
        unit = line["unit"] or files.get(line["file"], "")
        if unit and not rule.audience:
            counted[programme.gazetteer.entity(unit)][line["severity"], rule.title] += line["row_count"]  # fmt: skip
    return {unit: _weighed(of_unit) for unit, of_unit in counted.items()}


def _places_found(issues: pa.Table) -> pa.Table:
    import pyarrow as pa
    import pyarrow.compute as pc

    grave = pc.is_in(issues["severity"], pa.array(_WEIGHED))
    meant = issues.filter(pc.and_(grave, issues["listed"]))
    columns = ["unit", "file", "severity", "rule"]
    places = meant.select([*columns, "sheet", "row", "column"]).group_by(
        [*columns, "sheet", "row", "column"]
    )
    return places.aggregate([]).group_by(columns).aggregate([("row", "count")])


def _weighed(of_unit: Mapping[tuple[str, str], int]) -> dict[str, Any]:
    error = Severity.ERROR.value
    ordered = sorted(of_unit.items(), key=lambda one: (one[0][0] != error, -one[1], one[0]))
    errors = sum(count for (severity, _), count in ordered if severity == error)
    return {
        "errors": errors,
        "warnings": sum(count for _, count in ordered) - errors,
        "worst": [
            {"label": title, "count": count, "word": SEVERITY_WORDS[Severity(severity)]}
            for (severity, title), count in ordered[:_WORST]
        ],
        "rest": len(ordered[_WORST:]),
    }


def _folders(written: Iterable[str], gazetteer: Gazetteer) -> dict[str, list[str]]:
    """By unit (entity) what lies in 退回/ and 催报/ under whichever of its codes, the letter first."""
    found: defaultdict[str, list[str]] = defaultdict(list)
    for path in written:
        if path.count("/") == 2 and (code := _code_in(path)) in gazetteer.by_code:
            found[gazetteer.entity(code)].append(path)
    for paths in found.values():
        paths.sort(key=lambda path: (path.rsplit("/", 1)[-1] not in _LETTERS, path))
    return found


def _code_in(path: str) -> str:
    """Whose folder a paper lies in.

    >>> _code_in("退回/220103_宽城区/退回通知.docx")
    '220103'
    """
    return path.split("/")[1].split("_")[0]


def _linked(path: str) -> dict[str, str]:
    return {"name": path.removesuffix("/").rsplit("/", 1)[-1], "href": href(path)}


def _short(gazetteer: Gazetteer, code: str) -> str:
    """A name that fits a tile: of long ones the shortest that is still a unit's (前郭县, 延边州)."""
    unit = gazetteer.by_code[code]
    shorter = [a for a in unit.aliases if _TILE > len(a) >= _LEAST]
    return unit.name if len(unit.name) <= _TILE else min([*shorter, unit.name], key=len)


def _months(code: str, entity: str, known: Known) -> Iterator[dict[str, Any]]:
    """The unit's months: what it filed, and who of those who count was listed first then."""
    programme = known.programme
    done = dict.fromkeys(programme.indicator, 0)
    for month in known.filed.months:
        files, day = known.filed.by_month.get((entity, month), (0, ""))
        new = {
            name: known.by_month.get((code, "county", name), {}).get(month, 0)
            for name in programme.indicator
        }
        done = {name: done[name] + count for name, count in new.items()}
        yield {
            "label": f"{int(month[5:])}月",
            "files": files,
            "day": day,
            "counts": [{"new": new[name], "done": done[name]} for name in programme.indicator],
        }


def _spelt(syllables: Sequence[str]) -> str:
    """How a name is found by who types no characters: its sound, and the first letters of it."""
    return f"{''.join(syllables)} {''.join(syllable[:1] for syllable in syllables)}"
