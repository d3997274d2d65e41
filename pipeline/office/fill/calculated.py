"""What the formulas of a filled workbook come to, so that whoever only reads it sees it as well.

Mail programs, telephones, Excel's protected view and other programs show the value that a file
remembers and work nothing out. The values are those of the formualizer library; what is not certain
(see certain_formulas) has none, and so has whatever rests on it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from datetime import date
from typing import Any

from pipeline.office.fill.agreeing_values import agree, is_clear, is_decimal, settled_number
from pipeline.office.fill.cell_values import CellValues
from pipeline.office.fill.certain_formulas import Area, Asked, asked, is_reference
from pipeline.office.fill.citing import WORKED_OUT, Source
from pipeline.office.fill.content import UNKNOWN, Calculated, Fault, serial
from pipeline.office.fill.moves import Copy, Moves, moved
from pipeline.office.fill.patterns import DrawnCell
from pipeline.office.fill.plan import Bulk, Fixed
from pipeline.office.fill.surroundings import Page
from pipeline.office.fill.template import Template
from pipeline.office.places import LAST_ROW, area
from pipeline.office.xmlparts import MAIN

# beyond so many formulas, and cells they look at, a workbook is calculated on opening: about two seconds' work
_MOST_FORMULAS, _MOST_CELLS = 20_000, 3_000_000
_FAULTS = {"Div": "#DIV/0!", "Na": "#N/A", "Value": "#VALUE!"}  # others may be the library's own
_ASIDE = 16_384  # the column in which parts of formulas are worked out, from the last row upwards
Place = tuple[str, int, int]  # sheet, row, column


def calculated(
    drawn: Template, pages: Sequence[Page], moves: Mapping[str, Moves], values: CellValues
) -> dict[Place, Calculated]:
    """Every formula on the first page of each sheet, by its place."""
    written: dict[Place, str] = {}
    spread: list[Area] = []
    for place, formula, cell in _formulas(pages, moves):
        written[place] = formula
        if cell.array:
            spread.append(_spread(cell, place))
    if not written:
        return {}
    names = dict(_names(drawn, moves))
    cut = {p.sheet.name for p in pages if p.number > 1}
    parsed = {
        place: question
        for place, formula in written.items()
        if not any(one.holds(*place) for one in spread)
        and (question := asked(_spelt_out(formula, names), place[0]))
        and not any(a.sheet in cut or not values.known(a.sheet) for a in question.areas)
        and not any(a.meets(one) for a in question.areas for one in spread)
    }
    found = _values_of(parsed, set(written), values)
    return {
        place: Calculated(text, found[place], _source(parsed[place], values))
        if place in found
        else Calculated(text)
        for place, text in written.items()
    }


def _formulas(
    pages: Sequence[Page], moves: Mapping[str, Moves]
) -> Iterator[tuple[Place, str, DrawnCell]]:
    for page in pages:
        if page.number > 1 or not page.sheet.calculates:
            continue
        sheet, at = page.sheet.name, 1
        own = {**moves, sheet: page.moves}
        for segment in page.segments:
            rows = (
                () if isinstance(segment, Bulk)
                else (segment.row,) if isinstance(segment, Fixed)
                else (row for row, _ in segment.lines)
            )  # fmt: skip
            for nth, row in enumerate(rows, at):
                copy = Copy(row.number, nth) if row.over else None
                for cell in row.cells:
                    if cell.formula:
                        place = (sheet, nth, cell.column)
                        yield place, moved(cell.formula, sheet, own, copy), cell
            at += segment.rows


def _spread(cell: DrawnCell, place: Place) -> Area:
    """The cells an array formula fills, or more: a range that moved is never smaller than it was drawn."""
    top, left, bottom, right = area(cell.array)
    sheet, row, _ = place
    return Area(sheet, row, left, LAST_ROW if bottom > top else row, right)


def _names(drawn: Template, moves: Mapping[str, Moves]) -> Iterator[tuple[str, str]]:
    """The workbook's own names, small, and the cells they stand for; those of one sheet alone are not known."""
    for name in drawn.package.xml(drawn.book).iter(f"{{{MAIN}}}definedName"):
        if name.get("localSheetId") is None and is_reference(name.text or ""):
            yield name.get("name").lower(), moved(name.text, "", moves)


def _spelt_out(formula: str, names: Mapping[str, str]) -> str:
    """A formula with what its names stand for in their place."""
    if not any(name in formula.lower() for name in names):
        return formula
    import formualizer

    try:
        pieces: list[Any] = list(formualizer.tokenize(f"={formula}"))
    except formualizer.TokenizerError:
        return formula
    return "".join(
        names.get(piece.value.lower(), piece.value)
        if piece.subtype == formualizer.TokenSubType.Range
        else piece.value
        for piece in pieces
    )


def _source(question: Asked, values: CellValues) -> Source:
    """The source of the figure that a formula says which is one cell alone."""
    cell = question.repeats
    source = getattr(values.value(*cell), "source", None) if cell else None
    return source or WORKED_OUT


def _values_of(
    parsed: Mapping[Place, Asked], formulas: set[Place], values: CellValues
) -> dict[Place, Any]:
    """What each formula comes to, where that is certain."""
    if len(parsed) > _MOST_FORMULAS or _looked_at(parsed, values) > _MOST_CELLS:
        return {}
    operands = _operands(parsed, formulas, values)
    doubtful = {place for place, value in operands.items() if value is UNKNOWN}
    doubtful |= formulas - parsed.keys()
    certain = _resting_on_nothing_of(doubtful, parsed)
    found, unlike = _worked_out(certain, operands)
    known = {**operands, **found}
    unlike |= {place for place in found if not _clear(certain[place], known, values)}
    unlike_or_truths = unlike | {p for p, value in found.items() if isinstance(value, bool)}
    lasting = _resting_on_nothing_of(
        unlike_or_truths, {p: certain[p] for p in certain if p not in unlike}
    )
    return {place: found[place] for place in lasting}


def _looked_at(parsed: Mapping[Place, Asked], values: CellValues) -> int:
    """How many cells all formulas look at, each as often as it does."""
    ends = {a.sheet: values.extent(a.sheet) for q in parsed.values() for a in q.areas}
    return sum(
        (min(a.bottom, ends[a.sheet][0]) - a.top + 1)
        * (min(a.right, ends[a.sheet][1]) - a.left + 1)
        for question in parsed.values()
        for a in question.areas
    )


def _clear(question: Asked, known: Mapping[Place, Any], values: CellValues) -> bool:
    """Whether what it makes numbers of is clear, and what it searches holds no numbers written as texts."""
    coerced = (known.get(p) for within in question.coerced for p in _cells(within, values))
    searched = (known.get(p) for within in question.searched for p in _cells(within, values))
    return all(map(is_clear, coerced)) and not any(map(is_decimal, searched))


def _operands(
    parsed: Mapping[Place, Asked], formulas: set[Place], values: CellValues
) -> dict[Place, Any]:
    """What stands in the cells that formulas look at and that hold none themselves."""
    areas = {a for question in parsed.values() for a in question.areas}
    found: dict[Place, Any] = {}
    for one in areas:
        for place in _cells(one, values):
            if place not in found and place not in formulas:
                found[place] = values.operand(*place)
    return found


def _cells(within: Area, values: CellValues) -> Iterator[Place]:
    rows, columns = values.extent(within.sheet)
    for row in range(within.top, min(within.bottom, rows) + 1):
        for column in range(within.left, min(within.right, columns) + 1):
            yield within.sheet, row, column


def _resting_on_nothing_of(
    doubtful: Iterable[Place], formulas: Mapping[Place, Asked]
) -> dict[Place, Asked]:
    """The formulas that look at no doubtful cell, nor at one that does."""
    left, fresh = dict(formulas), list(doubtful)
    while fresh:
        gone = [
            p for p, question in left.items() if any(question.looks_at(*cell) for cell in fresh)
        ]
        for place in gone:
            del left[place]
        fresh = gone
    return left


def _worked_out(
    formulas: Mapping[Place, Asked], operands: Mapping[Place, Any]
) -> tuple[dict[Place, Any], set[Place]]:
    """What the library makes of the formulas, and those of which it may not be what a spreadsheet program
    makes: errors of other kinds, long fractions turned into words, texts put in order, numbers all but equal."""
    import formualizer

    book = formualizer.Workbook()
    for (sheet, row, column), value in operands.items():
        if value is not None and value is not UNKNOWN:
            book.sheet(sheet).set_value(row, column, _literal(value))
    for (sheet, row, column), question in formulas.items():
        book.sheet(sheet).set_formula(row, column, question.formula)
    parts = [(place, part) for place, question in formulas.items() for part in question.parts]
    for nth, (place, (_, part)) in enumerate(parts):
        for row, one in zip(_rows_aside(nth), part, strict=False):
            book.sheet(place[0]).set_formula(row, _ASIDE, one)
    _all_at_once(book)
    found = {place: _value(book, *place) for place in formulas}
    unlike = {place for place, value in found.items() if value is UNKNOWN}
    for nth, (place, (sort, part)) in enumerate(parts):
        rows = _rows_aside(nth)[: len(part)]
        if not agree(sort, [_value(book, place[0], row, _ASIDE) for row in rows]):
            unlike.add(place)
    return found, unlike


def _all_at_once(book: Any) -> None:
    """Works out all cells, which is quicker than one after the other; where it gives up on one, none is lost."""
    import formualizer

    with suppress(formualizer.ExcelEvaluationError):
        book.evaluate_all()


def _value(book: Any, sheet: str, row: int, column: int) -> Any:
    """What a formula comes to; UNKNOWN also where the library gives up on it, as it does on a #REF!."""
    import formualizer

    try:
        return _plain(book.evaluate_cell(sheet, row, column))
    except formualizer.ExcelEvaluationError:
        return UNKNOWN


def _literal(value: Any) -> Any:
    import formualizer

    if isinstance(value, bool):
        return formualizer.LiteralValue.boolean(value)
    if isinstance(value, str):
        return formualizer.LiteralValue.text(value)
    return formualizer.LiteralValue.number(float(value))


def _plain(value: Any) -> Any:
    """A value of the library as a cell holds it: blank counts as nought, as in every program."""
    if value is None:
        return 0
    if isinstance(value, dict):
        fault = _FAULTS.get(str(value.get("kind")))
        return Fault(fault) if fault else UNKNOWN
    if isinstance(value, date):
        value = serial(value)
    if isinstance(value, float):
        return settled_number(value)
    return value if isinstance(value, bool | int | str) else UNKNOWN


def _rows_aside(nth: int) -> tuple[int, int]:
    """Where the how-manieth part is worked out: far below and beside all that is written."""
    return LAST_ROW - 2 * nth, LAST_ROW - 2 * nth - 1
