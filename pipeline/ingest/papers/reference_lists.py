"""Reference lists (残疾人证状态, 建档立卡): recognised by content, read into numbers and meanings."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from pipeline.ingest.filing_date import filed_on
from pipeline.ingest.layout import Lexicon, OfProgramme, plain
from pipeline.ingest.papers.paper import Book, Lines, Paper
from pipeline.ingest.papers.tasks import place_of
from pipeline.ingest.whose import frame_lines
from pipeline.model import Grid
from pipeline.numbers import compact_no, id_fault
from pipeline.periods import day_of, period_in
from pipeline.programme import Programme, Reference
from pipeline.values import compact, fold, read_day

_DEEPEST_HEADER, _WIDEST, _LOOKED_AT = 15, 60, 200
_NO_MEANING = -1
_SHORTEST = 8  # characters of what may have been meant as a number


@dataclass(frozen=True)
class _Columns:
    """Where a list keeps what: the header's row, its number columns, status, date, and where people live."""

    top: int
    keys: tuple[int, ...]
    status: int = 0
    date: int = 0
    places: tuple[int, ...] = ()


def read(book: Book) -> Paper | None:
    """The reference lists of a workbook; None where its sheets are something else."""
    lists: Lines = []
    lines: Lines = []
    for grid in book.grids:
        if found := _of_sheet(grid, book):
            lists.append(found[0])
            lines += found[1]
    if not lists:
        return None
    sheets = frozenset(str(one["sheet"]) for one in lists)
    return Paper({"references": lists, "reference_lines": lines}, sheets=sheets)


def _of_sheet(grid: Grid, book: Book) -> tuple[dict[str, object], Lines] | None:
    programme, folder_period = book.programme, book.file.folder_period
    heads = dict(_heads(grid, programme))
    if _has_activity((text for line in heads.values() for text in line.values()), programme):
        return None
    for top, line in heads.items():
        texts = [text for _, _, text in frame_lines(grid, top)]
        texts += [grid.name, book.file.file_name]
        for reference in programme.references:
            columns = _columns(top, line, reference)
            if columns and _fits(grid, columns, line, fold("".join(texts)), reference, programme):
                place = {"file": book.file.path, "sheet": grid.name, "name": reference.name}
                day = day_of(folder_period)
                found, unread = _listed(grid, columns, texts, reference)
                homes = _homes(grid, columns, programme, day)
                found = [{**one, "unit": homes.get(one["row"], "")} for one in found]
                about = {
                    "units": ";".join(_units(texts, programme, day)),
                    "as_of": _as_of(grid, top, texts, programme, folder_period),
                    "unread": unread,
                }
                return {**place, **about}, [{**place, **one} for one in found]
    return None


def _heads(grid: Grid, programme: Programme) -> Iterator[tuple[int, dict[int, str]]]:
    """The first rows by column, in the words that tell a reference list or a roster."""
    words = _header_words(programme)
    for row in range(1, min(grid.last_row, _DEEPEST_HEADER) + 1):
        cells = ((c, words.find(cell.text)) for _, c, cell in grid.lines(row, row) if c <= _WIDEST)
        yield row, {column: word for column, word in cells if word}


def _activity_headers(programme: Programme) -> set[str]:
    days = {day for kind in programme.kinds for day in (kind.start, kind.finish)} - {""}
    fields = [f for f in programme.fields if days & {f.name, *f.fills}]
    return {plain(h) for f in fields for h in (*f.headers, f.label)}


_header_words = OfProgramme(
    lambda programme: Lexicon(
        {
            plain(header)
            for r in programme.references
            for header in (*r.keys, *r.status, *r.dates, *r.marks, *r.places)
        }
        | _activity_headers(programme)
    )
)


def _has_activity(headers: Iterable[str], programme: Programme) -> bool:
    """Whether anything says when an activity began: then it is a return, whatever its title."""
    return bool(_activity_headers(programme) & set(headers))


def _columns(top: int, line: Mapping[int, str], reference: Reference) -> _Columns | None:
    def of(headers: Iterable[str]) -> tuple[int, ...]:
        wanted = [plain(h) for h in headers]
        return tuple(c for w in wanted for c, text in line.items() if text == w)

    keys = of(reference.keys)
    if not keys:
        return None
    status, since = ((of(h) or (0,))[0] for h in (reference.status, reference.dates))
    return _Columns(top, keys, status, since, of(reference.places))


def _fits(
    grid: Grid,
    columns: _Columns,
    line: Mapping[int, str],
    title: str,
    reference: Reference,
    programme: Programme,
) -> bool:
    """By its title or a header only such a list has; a status column must speak its words."""
    if any(fold(word) in title for kind in programme.kinds for word in kind.title_words):
        return False
    if columns.status:
        last = min(grid.last_row, columns.top + _LOOKED_AT)
        states = [text for text in grid.column(columns.status, columns.top + 1, last)[0] if text]
        known = sum(_meaning(text, reference) != _NO_MEANING for text in states)
        return bool(states) and known * 2 > len(states)
    if reference.meanings:
        return _meaning(title, reference) != _NO_MEANING
    marked = {plain(h) for h in reference.marks} & set(line.values())
    return bool(marked) or any(fold(word) in title for word in reference.titles)


def _meaning(text: str, reference: Reference) -> int:
    """The place of the meaning a status has: said in full, else the first word it holds."""
    folded = fold(text)
    for exact in (True, False):
        for place, meaning in enumerate(reference.meanings):
            for word in map(fold, meaning.words):
                if folded == word or (not exact and word in folded):
                    return place
    return _NO_MEANING


def _listed(
    grid: Grid, columns: _Columns, texts: Iterable[str], reference: Reference
) -> tuple[Lines, int]:
    """One line a sound number; how many rows have a number that is not."""
    whole = _NO_MEANING if columns.status else _meaning("".join(texts), reference)
    lines: Lines = []
    known: dict[str, int] = {}
    unread = 0

    nothing = [("", "")] * (grid.last_row - columns.top)

    def below(column: int) -> list[tuple[str, str]]:
        return list(zip(*grid.column(column, columns.top + 1, grid.last_row), strict=True))

    keys = list(zip(*map(below, columns.keys), strict=True))
    states = below(columns.status) if columns.status else nothing
    days = below(columns.date) if columns.date else nothing
    for row, (cells, (status, _), day) in enumerate(
        zip(keys, states, days, strict=True), columns.top + 1
    ):
        key = _key(cells)
        if not key:
            unread += any(len(compact(text)) > _SHORTEST for text, _ in cells)
            continue
        if status not in known:
            known[status] = _meaning(status, reference) if columns.status else whole
        lines.append({"key": key, "meaning": known[status], "since": _day(*day), "row": row})
    return lines, unread


def _homes(
    grid: Grid, columns: _Columns, programme: Programme, day: date | None
) -> dict[object, str]:
    """By row the county that one of its columns of places names, the most exact one first; none where they
    name a larger unit alone."""
    gazetteer, found = programme.gazetteer, dict[object, str]()
    on = day or date(programme.years[-1], 12, 31)
    for column in columns.places:
        texts = [compact(text) for text in grid.column(column, columns.top + 1, grid.last_row)[0]]
        short: dict[str, str] = {}
        for row, (text, home) in enumerate(
            zip(texts, gazetteer.homes(texts, on), strict=True), columns.top + 1
        ):
            if text and not home and text not in short:  # 南关, without 区
                short[text] = gazetteer.entity(place_of(text, programme, day) or "")
            unit = home or short.get(text, "")
            if unit and gazetteer.is_county(unit):
                found.setdefault(row, unit)
    return found


def _key(cells: Iterable[tuple[str, str]]) -> str:
    """The ID number, or the certificate's first eighteen characters; nothing where it is damaged."""
    for text, kind in cells:
        number = compact_no(text)[:18]
        rounded = kind == "n"  # fifteen digits are all that a number keeps
        if len(number) == 18 and not rounded and not id_fault(number):
            return number
    return ""


def _day(text: str, kind: str) -> str:
    day = read_day(text, kind) if text else None
    return day.last.isoformat() if day else ""


def _units(texts: Iterable[str], programme: Programme, day: date | None) -> tuple[str, ...]:
    """Whose people a list names: the unit of its title, else everybody's."""
    unit = next((u for t in texts if (u := programme.gazetteer.find_one(t, day))), "")
    if not unit:
        return ()
    below = (u.code for u in programme.gazetteer.units if u.parent == unit)
    return (unit, *below)


def _as_of(grid: Grid, top: int, texts: list[str], programme: Programme, folder_period: str) -> str:
    """The day a list was made, as far as it says one."""
    if day := filed_on(grid, top, grid.last_row, programme)[0]:
        return day.isoformat()
    end = day_of(period_in(texts) or folder_period)
    return end.isoformat() if end else ""
