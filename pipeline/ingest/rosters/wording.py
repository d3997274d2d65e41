"""What must be said of single cells as they are worded: 同上, failed formulas, two persons in one, remarks behind names."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby
from typing import NamedTuple

from pipeline.ingest.recognition import READS
from pipeline.model import Cell, Issue
from pipeline.programme import Kind, Programme
from pipeline.values import compact, read_name

_DITTO = re.compile(
    r"同|ditto|[·.…—–\-－_]{1,3}[〃″][·.…—–\-－_]{1,3}|(?:同上){2,4}|[(【\[]?(?:[同仝]上|上同|如上|[同仝]前)(?:一?[行栏格人]|面)?[)】\]]?[。.]?|[〃″′\"”“〞‶々↑]{1,4}|''|[-－]{1,2}[〃″′]{1,2}[-－]{1,2}|[、,，]{2}|仝"
)
_DITTO_SIGNS = "同如dD仝、,，〃″′\"'＂＇”“〞‶々↑"
_HER_OWN = frozenset(
    {"name", "id", "certificate", "phone", "birth"}
)  # kinds filled in for herself only
_REMARK = re.compile(
    r"(?<=[\u3400-\u9fff])(?:[(\[【〔《<](?P<inside>[^()\[\]【】〔〕]*[\u3400-\u9fff][^()\[\]【】〔〕]*)[)\]】〕》>]|[—\-_:](?P<behind>[\u3400-\u9fff].{0,20}))$"
)
_LONGEST_BARE_NAME = 4
_FEWEST_DIGITS = 5  # in a name that holds a number
_UNSHOWN = "号码"  # what is told of a number
_NUMBER = re.compile(r"(?<!\d)\d{17}[\dXx](?=\d{2}(?!\d)|[1-7][1-4][Bb]|(?!\d))", re.ASCII)
_TEN_THOUSANDS = re.compile("万元?")
_BARE = re.compile(r"-?\d[\d,]*(?:\.\d+)?", re.ASCII)
_SHORTEST = 36  # characters that two numbers take
_BETWEEN_NAMES = re.compile(r"[、/\\,，;；\n\r+＋&＆|]+|(?<=[^和])和(?=[^和])")
_SHORTEST_NAMES = 5
_FEWEST_FILLED = 5  # rows in a row: so many namesakes stand together only in a list sorted by name


def repeated(
    rows: Sequence[int],
    texts: Mapping[str, list[str]],
    types: Mapping[str, list[str]],
    letters: Mapping[str, str],
    programme: Programme,
) -> Iterator[Issue]:
    """同上 filled in from the person above, in place; formula errors said at their cells."""
    for name, column in texts.items():
        kinds, meant = types[name], programme.field[name]
        may_repeat = meant.kind not in _HER_OWN and _says_any("".join(column), _DITTO_SIGNS)
        if not may_repeat and "e" not in kinds:
            continue
        place = {"column": letters[name], "field": name}
        above = Cell("", "")
        for at, (text, kind) in enumerate(zip(column, kinds, strict=True)):
            cell = Cell(text, kind)
            if kind == "e":
                issue = programme.issue("C01" if meant.required else "C02", value=text.lstrip("#"))
                yield issue.at(row=rows[at], **place)
            elif may_repeat and _DITTO.fullmatch(compact(text)) and above.text:
                issue = programme.issue("S17", value=above.text[:24])
                yield issue.at(row=rows[at], **place)
                cell = above
                column[at], kinds[at] = cell
            above = cell


def of_the_woman_above(
    rows: Sequence[int],
    texts: Mapping[str, list[str]],
    types: Mapping[str, list[str]],
    letters: Mapping[str, str],
    kind: str,
    programme: Programme,
) -> Iterator[Issue]:
    """同上 in what is a person's own, in place: in a row that is of the woman above (another course of hers)
    as her row says it; in any other her name is not given."""
    roster = programme.kind[kind]
    telling = [n for r in ("name", "person", "certificate") if (n := roster.role(r)) in texts]
    if not any(_says_any("".join(texts[name]), _DITTO_SIGNS) for name in telling):
        return
    own = [name for name in texts if programme.field[name].kind in _HER_OWN]
    for at in range(1, len(rows)):
        again = [n for n in own if _DITTO.fullmatch(compact(texts[n][at]))]
        others = [n for n in telling if n not in again and texts[n][at]]
        if not set(again) & set(telling):
            continue
        if any(compact(texts[n][at]) != compact(texts[n][at - 1]) for n in others):
            if (name := roster.role("name")) in again:
                texts[name][at], types[name][at] = "", ""
            continue
        for n in again:
            texts[n][at], types[n][at] = texts[n][at - 1], types[n][at - 1]
            shown = texts[n][at] if programme.field[n].kind == "name" else _UNSHOWN
            issue = programme.issue("S17", value=shown)
            yield issue.at(row=rows[at], column=letters[n], field=n)


def _says_any(text: str, signs: str) -> bool:
    return any(sign in text for sign in signs)


def noticed(
    rows: Sequence[int],
    texts: Mapping[str, list[str]],
    letters: Mapping[str, str],
    kind: str,
    programme: Programme,
) -> Iterator[Issue]:
    """What strikes who reads down the names and numbers: several persons in a cell, one name over many rows,
    remarks behind names."""
    of = _Columns(rows, texts, letters, programme.kind[kind], programme)
    for look in (_several_in_one, _filled_down, _remarked):
        yield from look(of)


class _Columns(NamedTuple):
    """The columns of a roster of one kind: per field its texts and its letters, beside them the rows."""

    rows: Sequence[int]
    texts: Mapping[str, list[str]]
    letters: Mapping[str, str]
    kind: Kind
    programme: Programme

    def at(self, place: int, name: str, rule: str, **slots: object) -> Issue:
        """A finding at the cell of a field."""
        issue = self.programme.issue(rule, **slots)
        return issue.at(row=self.rows[place], column=self.letters[name], field=name)


def _several_in_one(of: _Columns) -> Iterator[Issue]:
    """Cells with the numbers, or else the names, of more than one person."""
    doubled = set[int]()
    for role in ("person", "certificate", "name"):
        name = of.kind.role(role)
        for at, text in enumerate(of.texts.get(name, ())):
            if len(text) >= _SHORTEST and (count := len(numbers_in(text))) > 1:
                doubled.add(at)
                yield of.at(at, name, "C03", count=count)
    name = of.kind.role("name")
    for at, text in enumerate(of.texts.get(name, ())):
        if len(text) >= _SHORTEST_NAMES and at not in doubled and _names_in(text) > 1:
            yield of.at(at, name, "S33")


def _filled_down(of: _Columns) -> Iterator[Issue]:
    """One name over many rows that follow each other, each with another number: dragged down by its corner."""
    name, number = of.kind.role("name"), of.kind.role("person") or of.kind.role("certificate")
    names = of.texts.get(name, ())
    if number not in of.texts or len(set(names)) == len(names):
        return
    for text, run in groupby(range(len(names)), key=lambda at: compact(names[at])):
        alike = list(run)
        if text and len({compact(of.texts[number][at]) for at in alike} - {""}) >= _FEWEST_FILLED:
            yield of.at(alike[0], name, "C04", count=len(alike))


def _remarked(of: _Columns) -> Iterator[Issue]:
    """Names with a remark behind them that may say she does not belong: 王秀英（已退出）."""
    name = of.kind.role("name")
    not_done = of.programme.words.get("not_done", ())
    for at, text in enumerate(of.texts.get(name, ())):
        if len(text) <= _LONGEST_BARE_NAME and text.isalpha():
            continue
        written = read_name(text)
        match = _REMARK.search(written)
        remark = (match["inside"] or match["behind"]) if match else ""
        if not remark and len(written) > _LONGEST_BARE_NAME:
            remark = next((word for word in not_done if word in written), "")
        if not remark and sum(map(str.isdigit, text)) >= _FEWEST_DIGITS:
            remark = _UNSHOWN
        if remark:
            yield of.at(at, name, "S41", text=remark)


def numbers_in(text: str) -> set[str]:
    """The different ID numbers in a text, a certificate's among them.

    >>> len(numbers_in("220122197803050244、220122198001010043")), len(numbers_in("22012219780305024443"))
    (2, 1)
    """
    return {number.upper() for number in _NUMBER.findall(unicodedata.normalize("NFKC", text))}


def _names_in(text: str) -> int:
    parts = [part.strip() for part in _BETWEEN_NAMES.split(text) if part.strip()]
    return len(parts) if all(READS["name"](part, "s") for part in parts) else 0


def in_units_of_header(
    texts: Mapping[str, list[str]], headers: Mapping[str, str], programme: Programme
) -> None:
    """Bare numbers under a header that counts in 万 are given its unit, in place: 收入（万元） over 0.12."""
    for name, column in texts.items():
        unit = _TEN_THOUSANDS.search(headers.get(name, ""))
        if unit and name in programme.amounts:
            for at, text in enumerate(column):
                if _BARE.fullmatch(compact(text)):
                    column[at] = f"{text}{unit[0]}"
