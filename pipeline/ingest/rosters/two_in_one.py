"""A name and a number of hers in one column (姓名及身份证号), taken apart where every cell plainly holds both."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import replace

from pipeline.ingest.layout import WIDEST, Header, OfProgramme, known_headers, plain
from pipeline.ingest.recognition import READS
from pipeline.model import Cell, Grid, Issue
from pipeline.programme import Field, Programme
from pipeline.values import column_letters, compact

_ROLES = ("certificate", "person", "phone")  # what may stand beside a name, the longest first
_NUMBERS = {
    "certificate": r"\d{17}[\dXx]\d{2}(?:[Bb]?\d{1,2})?",
    "person": r"\d{17}[\dXx]",
    "phone": r"1[3-9]\d{9}|0\d{2,3}-?\d{7,8}",
}
_SIGNS = r"[\s,，、;；:：/|()（）\[\]【】—_-]*"
_WORD = r"(?:身份证号?码?|残疾人?证号?码?|证号|电话|手机号?码?|联系电话)?[:：]?"
_BETWEEN = re.compile(r"[及和与、/()|,，:：+＋\s-]|以及|并")
_MOSTLY = 0.8  # of the filled cells
_LONGEST = 200  # characters; what is longer is a note, and where its name ends is sought at each
_SAMPLE = 20  # cells that tell whether the others need be looked at


def taken_apart(
    grid: Grid, header: Header, programme: Programme
) -> tuple[Grid, Header, tuple[Issue, ...]]:
    """The sheet with the number in a column more, which stands for the same place, and what must be said of
    it; as it is where no column holds both. Never where another column holds such numbers already."""
    for column in sorted(header.leaves):
        added = grid.last_column + 1
        words = _named_together(header, column, programme)
        if added > WIDEST or words is None:
            continue
        first, last = header.bottom + 1, grid.last_row
        texts = grid.column(column, first, last)[0]
        begins = [text for text in texts if text][:_SAMPLE]
        for role in _ROLES:
            if 2 * sum(bool(_pair(text, _NUMBERS[role])) for text in begins) < len(begins):
                continue
            strict = [_pair(text, _NUMBERS[role]) for text in texts]
            pairs = [
                pair or _one_number_in(text, _NUMBERS[role])
                for pair, text in zip(strict, texts, strict=True)
            ]
            filled = sum(map(bool, texts))
            plainly = 2 * sum(map(bool, strict)) >= filled > 0
            mostly = sum(map(bool, pairs)) >= _MOSTLY * filled
            if not plainly or not mostly or (words and role not in words):
                continue
            if _held_elsewhere(grid, header, column, role):
                break
            number = _field(role, programme)
            name = _field("name", programme)
            cells = dict(grid.cells.items())
            for row, pair in enumerate(pairs, first):
                if pair:
                    cells[row, column] = Cell(pair[0], "s")
                    cells[row, added] = Cell(pair[1], "s")
            issue = programme.issue(
                "S42", header=compact(header.leaves[column]), labels=f"{name.label}、{number.label}"
            ).at(sheet=grid.name, row=header.bottom, column=column_letters(column))
            return replace(grid, cells=cells), _both(header, column, added, name, number), (issue,)
    return grid, header, ()


def _pair(text: str, number: str) -> tuple[str, str] | None:
    """The name and the number of a cell that holds nothing else."""
    if len(text) > _LONGEST:
        return None
    folded = unicodedata.normalize("NFKC", text).strip()
    for pattern in (
        rf"(?P<name>[^\d]+?){_SIGNS}{_WORD}{_SIGNS}(?P<number>{number}){_SIGNS}",
        rf"{_WORD}(?P<number>{number}){_SIGNS}(?P<name>[^\d]+?){_SIGNS}",
    ):
        if (match := re.fullmatch(pattern, folded, re.ASCII)) and READS["name"](match["name"], "s"):
            return match["name"].strip(), match["number"]
    return None


def _one_number_in(text: str, number: str) -> tuple[str, str] | None:
    """What else stands round the one number of a cell in a column of names and numbers: 王秀英（已退出）2201…"""
    folded = unicodedata.normalize("NFKC", text)
    found = set(re.findall(rf"(?<!\d)(?:{number})(?!\d)", folded, re.ASCII))
    if len(found) != 1:
        return None
    (only,) = found
    return folded.replace(only, "").strip(), only


def _named_together(header: Header, column: int, programme: Programme) -> frozenset[str] | None:
    """The roles of the numbers that a header names beside the name, none where it names one thing alone;
    None where it says anything else (监护人姓名及身份证号)."""
    left = plain("".join(header.groups.get(column, ())) or header.leaves[column])
    roles = set[str]()
    named = False
    for words, role in _spellings(programme):
        if words in left:
            left = left.replace(words, "", 1)
            named = True
            if role != "name":
                roles.add(role)
    own = sorted(programme.words.get("own_person", ()), key=lambda w: (-len(w), w))
    left = _BETWEEN.sub("", left)
    for word in own:
        left = left.replace(word, "")
    return frozenset(roles) if named and not left else None


def _by_length(programme: Programme) -> list[tuple[str, str]]:
    """Every known header of a name or a number, the longest first, and its role."""
    found = dict[str, str]()
    for kind in programme.kinds:
        known = known_headers(programme).by_kind[kind.name]
        for role in ("name", *_ROLES):
            found |= {text: role for text, field in known.items() if field == kind.role(role)}
    return sorted(found.items(), key=lambda pair: (-len(pair[0]), pair[0]))


_spellings = OfProgramme(_by_length)


def _held_elsewhere(grid: Grid, header: Header, column: int, role: str) -> bool:
    pattern = re.compile(_NUMBERS[role], re.ASCII)
    for other in range(1, min(grid.last_column, WIDEST) + 1):
        if other == column:
            continue
        texts = [t for t in grid.column(other, header.bottom + 1, grid.last_row)[0] if t]
        if texts and sum(bool(pattern.fullmatch(compact(t))) for t in texts) > len(texts) / 2:
            return True
    return False


def _field(role: str, programme: Programme) -> Field:
    return programme.field[programme.kinds[0].role(role)]


def _both(header: Header, column: int, added: int, name: Field, number: Field) -> Header:
    labels = {column: name.label, added: number.label}
    return replace(
        header,
        leaves={**header.leaves, **labels},
        paths={**header.paths, **labels},
        groups={**header.groups, **{c: (label,) for c, label in labels.items()}},
        fields={**header.fields, column: name.name, added: number.name},
        places={**header.places, added: column},
    )
