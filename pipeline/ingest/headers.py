"""Finds the header of a roster wherever it stands, and which column holds which field."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

from pipeline.model import Cell, Grid
from pipeline.programme import Programme
from pipeline.values import fold

_DEEPEST_START, _TALLEST = 30, 4
WIDEST = 200  # columns looked at
_MARK = r"[(【\[](必填|选填|必填项|选填项|单选|多选|文本|文本格式)[)】\]]"
_ORNAMENT = re.compile(rf"^[*★#&※▲]+|[*★#&※▲::]+$|^{_MARK}|{_MARK}$|^\(?\d{{1,2}}[.、)](?=\D)")
_HINT = re.compile(r"[(【\[][^()【】\[\]]*[)】\]]$")
_SHORT = 2  # characters of a header that says little without what stands above it


@dataclass(frozen=True)
class Header:
    """The header of one table: its rows, and the text above each column, leaf and whole path."""

    top: int
    bottom: int
    leaves: Mapping[int, str]
    paths: Mapping[int, str]
    fields: Mapping[int, str]  # column -> field name
    kind: str

    def named(self, column: int) -> str:
        """The header as a line to paste: with what stands above it where it is short (起, 内容)."""
        leaf = plain(self.leaves.get(column, ""))
        return leaf if len(leaf) > _SHORT else plain(self.paths.get(column, ""))


@lru_cache(maxsize=4096)
def plain(header: str) -> str:
    """A header as typed -> what it is compared by.

    >>> plain("*名  族："), plain("是否建档立卡（单选）"), plain("【必填】3、姓名")
    ('名族', '是否建档立卡', '姓名')
    """
    text, before = fold(header).replace("証", "证").replace("帐", "账"), ""
    while text != before:
        before, text = text, _ORNAMENT.sub("", text)
    return text


def spread(grid: Grid) -> Mapping[tuple[int, int], Cell]:
    """The cells with every merged range filled from its first cell."""
    cells = dict(grid.cells)
    for top, left, bottom, right in grid.merges:
        anchor = grid.cells.get((top, left))
        if anchor is None or (bottom - top + 1) * (right - left + 1) > 100_000:
            continue
        for row in range(top, bottom + 1):
            for column in range(left, right + 1):
                cells.setdefault((row, column), anchor)
    return cells


def find_header(
    grid: Grid, cells: Mapping[tuple[int, int], Cell], programme: Programme
) -> Header | None:
    """The best header of the sheet: the rows under which most fields of one kind are named.

    One to four rows, anywhere among the first thirty; None for an empty sheet. Whether it is a
    roster's is another question.
    """
    names = field_names(programme)
    best: tuple[tuple[int, int, int], Header] | None = None
    for top in range(1, min(grid.last_row, _DEEPEST_START) + 1):
        for height in range(1, _TALLEST + 1):
            bottom = top + height - 1
            if bottom > grid.last_row:
                break
            header = _read_header(grid, cells, programme, names, top, bottom)
            if (whole := _whole_height(grid, header)) > bottom:
                header = _read_header(grid, cells, programme, names, top, whole)
            rank = (len(set(header.fields.values())), -height, -top)
            if best is None or rank > best[0]:
                best = (rank, header)
    return best[1] if best else None


def _whole_height(grid: Grid, header: Header) -> int:
    """The last row of a header some of whose cells are merged downwards past the rows looked at."""
    reaching = [
        bottom
        for top, left, bottom, _ in grid.merges
        if header.top <= top <= header.bottom and left in header.fields
    ]
    return max([header.bottom, *(b for b in reaching if b < header.top + _TALLEST)])


def looks_like_roster(header: Header, programme: Programme) -> bool:
    """Names or numbers of persons, and beside them a number or one of the programme's own columns.

    A roster whose names cannot be found is still one: it is told what it lacks.
    """
    found = set(header.fields.values())
    if not found & {"name", "id_no", "cert_no"} or len(found) < 4:
        return False
    own = {f.name for f in programme.fields if f.on}
    return bool(found & {"id_no", "cert_no"} or found & own)


def _read_header(
    grid: Grid,
    cells: Mapping[tuple[int, int], Cell],
    programme: Programme,
    names: Mapping[str, Mapping[str, str]],
    top: int,
    bottom: int,
) -> Header:
    leaves, paths = {}, {}
    for column in range(1, min(grid.last_column, WIDEST) + 1):
        texts = [
            cells[row, column].text for row in range(top, bottom + 1) if (row, column) in cells
        ]
        texts = list(dict.fromkeys(texts))
        if texts:
            leaves[column], paths[column] = texts[-1], "".join(texts)
    by_kind = {kind: _match(leaves, paths, of_kind) for kind, of_kind in names.items()}
    kind = max(by_kind, key=lambda k: (len(set(by_kind[k].values())), _own(by_kind[k], programme)))
    return Header(top, bottom, leaves, paths, by_kind[kind], _told_apart(by_kind, kind))


def _own(fields: Mapping[int, str], programme: Programme) -> int:
    return sum(bool(programme.field[name].on) for name in fields.values())


def _told_apart(by_kind: Mapping[str, Mapping[int, str]], best: str) -> str:
    """The kind, unless the columns fit another kind just as well."""
    most = len(set(by_kind[best].values()))
    ties = [k for k, fields in by_kind.items() if len(set(fields.values())) == most]
    return best if len(ties) == 1 else ""


def _match(
    leaves: Mapping[int, str], paths: Mapping[int, str], names: Mapping[str, str]
) -> dict[int, str]:
    matched = {}
    for column, leaf in leaves.items():
        for text in (plain(leaf), _HINT.sub("", plain(leaf)), plain(paths[column])):
            if text in names:
                matched[column] = names[text]
                break
    return matched


def field_names(programme: Programme) -> dict[str, dict[str, str]]:
    """For each kind of roster: header as compared -> field name."""
    return {
        kind.name: {
            plain(h): f.name for f in programme.fields_of(kind.name) for h in (*f.headers, f.label)
        }
        for kind in programme.kinds
    }
