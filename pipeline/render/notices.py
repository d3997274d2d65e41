"""What a letter to a unit says: 催报 (nothing filed), 退回 (rows returned), 核实 (only questions).

A letter is one page: what does not fit on it stands in the workbook that goes with it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from pipeline.model import Figures, Input, Issue, Severity
from pipeline.model.papers import Contact
from pipeline.model.words import SEVERITY_WORDS
from pipeline.office import shown_width
from pipeline.programme import Programme
from pipeline.render.grouped import Group, grouped
from pipeline.render.standings import percent

URGED, RETURNED, QUESTIONED = "催报通知.docx", "退回通知.docx", "核实通知.docx"
# heights in twentieths of a point: of the page, of a line of the letter, of a line and the edges of a
# table's row; of what stands over a file's findings and behind them, and over those of eligibility
_PAGE, _BODY, _LINE, _MARGIN = 14174, 420, 265, 90
_HEADING, _REST, _APART = 840, 360, 1520
_FIXED = (
    4100  # title, addressee, line over the standings, signature, note at the foot, and some slack
)
_SPARED = 1300  # for findings of eligibility, where there are any
_WIDTH = 76  # half characters on a line of the letter
_SAID, _CHANGES, _ASKED = 120, 116, 256  # half characters of its paragraphs without names
_WHO, _PLACE, _WHAT = 11, 19, 46  # widths of the columns, in half characters
_LONGEST_RANGE, _MOST_NAMES = 24, 2
_MOST_FILES, _FILES_WIDE = (
    4,
    120,
)  # file names in one sentence, and how many half characters they may take


@dataclass(frozen=True)
class Sent:
    """One file of a unit with the findings the unit must see; under what name it goes back."""

    entry: Input
    issues: tuple[Issue, ...]
    name: str = ""


@dataclass(frozen=True)
class About:
    """What every letter of a month knows."""

    figures: Figures
    programme: Programme
    heading: Mapping[str, Any]  # office, period_label …
    names: Mapping[tuple[str, str, int], str]
    contact: Contact

    @cached_property
    def lines(self) -> Mapping[str, Mapping[str, Mapping[str, Any]]]:
        """The figures of the year by entity and indicator."""
        found: dict[str, dict[str, Mapping[str, Any]]] = {}
        for line in self.figures.table.to_pylist():
            if line["scope"] == "year":
                of = self.programme.gazetteer.entity(line["unit"])
                found.setdefault(of, {})[line["indicator"]] = line
        return found


def letter_for(files: Iterable[Sent]) -> str:
    """The letter that fits what was found; '' where there is only something to note."""
    found = {issue.severity for sent in files for issue in sent.issues}
    if Severity.ERROR in found:
        return RETURNED
    return QUESTIONED if Severity.WARNING in found else ""


def names_on_rows(figures: Figures) -> dict[tuple[str, str, int], str]:
    """The name on every row of which something is said."""
    columns = (figures.named[c].to_pylist() for c in ("file", "sheet", "row", "name"))
    return {(file, sheet, row): name for file, sheet, row, name in zip(*columns, strict=True)}


def notice(
    unit: str, files: Sequence[Sent], failed: Mapping[str, str], about: About
) -> dict[str, Any]:
    """What 退回通知 and 核实通知 say. `failed`: why files could not be marked, by path.

    `left_out` is how many findings found no place on the page.
    """
    attached = {s.entry.path: s.name for s in files if s.name and s.entry.path not in failed}
    is_apart = _eligibility(about.programme)
    apart = [i for s in files for i in s.issues if is_apart(i)]
    filers = {s.entry.unit for s in files} - {unit}
    head = {
        **_head(unit, about),
        "attached": _files([f"“{name}”" for name in attached.values()]),
        "filer": "、".join(about.programme.office_of(f) for f in sorted(filers) if f),
    }
    shown_apart, room = _fitting(grouped(apart), _SPARED if apart else 0, about)
    room += _room(head) - (_SPARED + _APART if apart else 0) - (2 * _REST if len(files) > 1 else 0)
    listed: list[dict[str, Any]] = []
    others: list[str] = []
    left_out = len(apart) - sum(line["count"] for line in shown_apart)
    for sent in sorted(files, key=lambda s: s.entry.path in attached):  # others tell it themselves
        groups = grouped(i for i in sent.issues if not is_apart(i))
        if not groups:
            continue
        heading = _heading(sent, unit, failed.get(sent.entry.path, ""), about.programme)
        over = _HEADING + _REST + shown_width(heading) // _WIDTH * _BODY
        shown, rest = _fitting(groups, room - over, about)
        hidden = sum(g.count for g in groups) - sum(line["count"] for line in shown)
        left_out += hidden
        if shown:
            room = rest
            listed.append({"name": heading, "issues": shown, "rest": hidden})
        else:
            name = attached.get(sent.entry.path)
            others.append(f"“{name}”" if name else _quoted(sent.entry.path))
    return {
        **head,
        **_sums(files),
        "files": listed,
        "others": _files(others),
        "apart": shown_apart,
        "apart_count": len(apart),
        "apart_rest": len(apart) - sum(line["count"] for line in shown_apart),
        "left_out": left_out,
    }


def _room(head: Mapping[str, Any]) -> int:
    """What a page has left for findings under the letter's own words, whose names may be long."""
    names = shown_width(head["filer"])
    contact: Contact = head["contact"]
    ways = (
        f"联系人：{contact.name:＿<6}　　联系电话：{contact.phone:＿<8}　　报回：{contact.send_to}"
    )
    texts = (
        _SAID + names,
        _CHANGES if head["changes"] else 0,
        _ASKED + names + shown_width(head["attached"]),
        shown_width(ways),
    )
    lines = sum(-(-(4 + width) // _WIDTH) for width in texts if width)
    table = (1 + len(head["standings"])) * (_LINE + _MARGIN)
    return _PAGE - _FIXED - lines * _BODY - table


def urging(
    unit: str, basis: Mapping[str, str], returned_rows: int, received: Sequence[Sent], about: About
) -> dict[str, Any]:
    """What 催报通知 says. `basis`: by kind the earlier period whose return stands for the unit; `received`:
    files of the period that file nothing, with why."""
    kinds = {i.label: basis.get(i.kind, "") for i in about.programme.indicators}
    head = _head(unit, about)
    for line in head["standings"]:
        line["basis"] = _label(kinds[line["label"]]) if kinds[line["label"]] else "未报过"
    why = dict.fromkeys(issue.message for sent in received for issue in sent.issues)
    return {
        **head,
        "stands": any(basis.values()),
        "returned_rows": returned_rows,
        "year_to_date": about.programme.scope == "year",
        "received": _files([_quoted(sent.entry.path) for sent in received]),
        "why": "；".join(why),
    }


def _head(unit: str, about: About) -> dict[str, Any]:
    figures, programme = about.figures, about.programme
    changes = figures.changes.get(unit)
    return {
        **about.heading,
        "unit": programme.office_of(unit),
        "answer_by": programme.answer_by,
        "contact": about.contact,
        "standings": _standings(unit, about),
        "changes": changes if changes and len(changes.found) > changes.new else None,
    }


def _label(period: str) -> str:
    return f"{period[:4]}年{int(period[5:])}月报表"


def _standings(unit: str, about: About) -> list[dict[str, Any]]:
    """The unit's figures of the year against its task."""
    expected = about.figures.expected_rates["year"]
    own = about.lines.get(about.programme.gazetteer.entity(unit), {})
    found = []
    for indicator in about.programme.indicators:
        line = own.get(indicator.name)
        target, done = (line["target"], line["counted"]) if line else (None, 0)
        rate = done / target if target else None
        state = "—" if rate is None else "已完成" if rate >= 1 else "达进度" if rate >= expected else "欠进度"  # fmt: skip
        found.append(
            {
                "label": indicator.label,
                "target": "—" if target is None else target,
                "done": done,
                "percent": percent(rate),
                "expected": percent(expected),
                "state": state,
                "returned": line["returned"] if line else 0,
            }
        )
    return found


def _eligibility(programme: Programme) -> Any:
    return lambda issue: programme.rule[issue.rule].eligibility


def _heading(sent: Sent, unit: str, failed: str, programme: Programme) -> str:
    """What stands over a file's findings: its name as attached, or why it is not."""
    if sent.entry.unit != unit:
        filer = programme.office_of(sent.entry.unit) if sent.entry.unit else "其他单位"
        return f"{filer}报送的名单中你单位的部分（不随附原表）"
    if failed:
        return f"{_quoted(sent.entry.path)}（标注稿没有做成：{failed}。请按下表在原文件中改正）"
    return f"{sent.name}（已标注，随附）" if sent.name else f"{_quoted(sent.entry.path)}（未随附）"


def _quoted(path: str) -> str:
    """A file that does not go along, by its title: 《农安县11月报表》."""
    name = path.rsplit("!", 1)[-1].rsplit("/", 1)[-1]
    return f"《{name.rsplit('.', 1)[0]}》"


def _fitting(groups: Iterable[Group], room: int, about: About) -> tuple[list[dict[str, Any]], int]:
    """As many findings as there is room for, in the words of the letter, and the room then left."""
    shown: list[dict[str, Any]] = []
    for group in groups:
        line = _in_words(group, about)
        widths = ((line["who"], _WHO), (line["place"], _PLACE), (line["message"], _WHAT))
        tall = max(-(-shown_width(text) // width) for text, width in widths)
        if (cost := tall * _LINE + _MARGIN) > room:
            break
        room -= cost
        shown.append(line | {"seq": len(shown) + 1})
    return shown, room


def _in_words(group: Group, about: About) -> dict[str, Any]:
    cells = group.cells
    if len(cells) > _LONGEST_RANGE:
        cells = f"{cells[:_LONGEST_RANGE].rsplit('、', 1)[0]} 等"
    people = dict.fromkeys(about.names.get((i.file, i.sheet, i.row or 0), "") for i in group.issues)
    place = " ".join(filter(None, [group.sheet, cells]))
    message = group.message
    if group.count == 1 and (hint := suggestion_of(group.issues[0])):
        message += f"（{hint}）"
    return {
        "who": _several([p for p in people if p], _MOST_NAMES, "人"),
        "place": (place or "整个文件") + (f"（共{group.count}处）" if group.count > 1 else ""),
        "word": SEVERITY_WORDS[group.severity],
        "message": message,
        "count": group.count,
    }


def suggestion_of(issue: Issue) -> str:
    """What the cell may have meant, with the evidence."""
    if issue.suggested:
        return f"建议值 {issue.suggested}：{issue.suggestion}"
    return issue.suggestion


def _several(texts: Sequence[str], most: int, word: str, between: str = "、") -> str:
    """The first few of a list, and how many there are."""
    shown = between.join(texts[:most])
    return shown if len(texts) <= most else f"{shown}等{len(texts)}{word}"


def _files(names: Sequence[str]) -> str:
    """As many of a list of files as a sentence can name, and how many there are."""
    wide = [sum(map(shown_width, names[:n])) for n in range(1, _MOST_FILES + 1)]
    # between one quotation and the next stands no comma (GB/T 15834)
    return _several(names, max(1, sum(width <= _FILES_WIDE for width in wide)), "个文件", "")


def _sums(files: Iterable[Sent]) -> dict[str, int]:
    issues = [i for sent in files for i in sent.issues]
    rows = {(i.file, i.sheet, i.row) for i in issues if i.severity == Severity.ERROR and i.row}
    return {
        "errors": sum(i.severity == Severity.ERROR for i in issues),
        "warnings": sum(i.severity == Severity.WARNING for i in issues),
        "returned_rows": len(rows),
    }
