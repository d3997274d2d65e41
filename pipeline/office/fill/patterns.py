"""The rows of a template as drawn: each cell compiled once, static XML around it."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any
from xml.sax.saxutils import quoteattr

from lxml import etree

from pipeline.office.fill.citing import Cite
from pipeline.office.fill.content import Calculated, cell_tail, formula_tail
from pipeline.office.fill.expressions import Column, Expression, Place, Text, View, compiled
from pipeline.office.fill.moves import Copy, Moves, moved
from pipeline.office.fill.styling import Styling
from pipeline.office.places import area, column_number
from pipeline.values import column_letters

_ROW = re.compile(r"^\{%\s*row\s+(\w+)\s+in\s+([\w.]+?)(?:\s+if\s+(.+?))?\s*%\}", re.DOTALL)
_CELL = re.compile(r"([A-Z]+)(\d+)")
_NOT_KEPT = frozenset({"r", "spans", "ht", "customHeight"})


@dataclass(frozen=True)
class DrawnCell:
    """One cell as drawn. Exactly one of what follows `style` says what it holds."""

    column: int
    letters: str
    style: int
    fixed: str = ""  # the XML behind its place, with the text it shows
    shown: str = ""
    value: Expression | Text | None = None
    formula: str = ""
    array: str = ""  # the cells over which an array formula spreads, as drawn
    source: str = ""  # what `value` was compiled from


@dataclass(frozen=True)
class Over:
    """What a row repeats over."""

    variable: str
    as_written: str  # the list as the template names it
    items: Expression
    condition: Expression | None
    when: str = ""  # the condition as the template says it


@dataclass(frozen=True)
class DrawnRow:
    """One row as drawn; `height` is nothing where the template leaves it to the text, `was` what the
    program that saved the template made it for the text it saw."""

    number: int
    attributes: str
    height: float | None
    cells: tuple[DrawnCell, ...]
    over: Over | None = None
    was: float | None = None

    @property
    def plain(self) -> bool:
        """Whether whole columns can be written at once."""
        return not any(cell.formula for cell in self.cells)

    @property
    def columns(self) -> tuple[str, ...]:
        """The columns that its cells ask of a line; nothing where one asks in another way."""
        names: dict[str, None] = {}
        for cell in self.cells:
            if cell.value is None:
                continue
            chain = cell.value.chain if isinstance(cell.value, Expression) else None
            if chain is None:
                return ()
            names |= {part.name: None for part in chain if isinstance(part, Column)}
        return tuple(names)


def drawn_rows(data: Any, shared: Sequence[str], file: Path, sheet: str) -> list[DrawnRow]:
    """All rows of a sheetData element, the empty ones between them too. Raises ProgrammeFault."""
    _spell_out_formulas(data)
    _forget_spread(data)
    found: dict[int, DrawnRow] = {}
    last = 0
    for element in data:
        last = int(element.get("r") or last + 1)
        found[last] = _row(element, last, shared, file, sheet)
    return [found.get(n) or DrawnRow(n, "", None, ()) for n in range(1, last + 1)]


def _row(element: Any, number: int, shared: Sequence[str], file: Path, sheet: str) -> DrawnRow:
    texts: list[tuple[Any, int, str | None]] = []
    column = 0
    over = None
    for cell in element:
        match = _CELL.fullmatch(cell.get("r") or "")
        column = column_number(match[1]) if match else column + 1
        text = _text(cell, shared)
        if text and over is None and (match := _ROW.match(text)):
            over = _over(match, Place(file, sheet, f"{column_letters(column)}{number}"))
            text = text[match.end() :]
            cell = _without_value(cell)
        texts.append((cell, column, text))
    variable = over.variable if over else ""
    cells = tuple(
        _cell(cell, at, text, Place(file, sheet, f"{column_letters(at)}{number}"), variable)
        for cell, at, text in texts
    )
    kept = [
        f" {name}={quoteattr(value)}"
        for name, value in element.attrib.items()
        if name not in _NOT_KEPT and "}" not in name
    ]
    drawn = float(element.get("ht")) if element.get("ht") else None
    set_by_hand = element.get("customHeight") in ("1", "true")
    height = drawn if set_by_hand else None
    return DrawnRow(number, "".join(kept), height, cells, over, drawn)


def _spell_out_formulas(data: Any) -> None:
    """Formulas that Excel wrote once for many cells are given to each."""
    masters: dict[str, tuple[str, str]] = {}
    for formula in data.iter("{*}f"):
        if formula.get("t") != "shared":
            continue
        place, key = formula.getparent().get("r"), formula.get("si")
        if formula.text:
            masters[key] = (formula.text, place)
        elif key in masters:
            from openpyxl.formula.translate import Translator

            text, origin = masters[key]
            formula.text = Translator(f"={text}", origin).translate_formula(place)[1:]
        for name in ("t", "si", "ref"):
            formula.attrib.pop(name, None)


def _forget_spread(data: Any) -> None:
    """The cells into which an array formula spreads hold what it came to in the template."""
    spreads = [(f, area(f.get("ref"))) for f in data.iter("{*}f") if f.get("t") == "array" and f.get("ref")]  # fmt: skip
    for cell in data.iter("{*}c") if spreads else ():
        row, column, *_ = area(cell.get("r"))
        for formula, (top, left, bottom, right) in spreads:
            if top <= row <= bottom and left <= column <= right and cell is not formula.getparent():
                for child in list(cell):
                    cell.remove(child)
                cell.attrib.pop("t", None)


def _over(match: re.Match[str], place: Place) -> Over:
    condition = Expression(match[3], place, match[1]) if match[3] else None
    return Over(match[1], match[2], Expression(match[2], place), condition, match[3] or "")


def _without_value(cell: Any) -> Any:
    """The cell with its style alone: what stood behind `{% row … %}` is looked at as text."""
    bare = etree.Element(cell.tag)
    for name in ("r", "s"):
        if cell.get(name):
            bare.set(name, cell.get(name))
    return bare


def _cell(element: Any, column: int, text: str | None, place: Place, variable: str) -> DrawnCell:
    style = int(element.get("s") or 0)
    bare = DrawnCell(column, column_letters(column), style)
    formula = element.find("{*}f")
    if formula is not None and formula.text and formula.get("t") in (None, "normal", "array"):
        return replace(bare, formula=formula.text, array=formula.get("ref", ""))
    if text and "{" in text:
        return replace(bare, value=compiled(text, place, variable), source=text)
    if text is not None and element.get("t") not in ("s", "inlineStr"):
        return replace(bare, fixed=_text_tail(text, style), shown=text)
    return replace(bare, fixed=_fixed(element, style), shown=text or "")


def _text_tail(text: str, style: int) -> str:
    return cell_tail(text, style, Styling(etree.Element("styleSheet")))


def _fixed(element: Any, style: int) -> str:
    """What stands behind the cell's place, as drawn."""
    copy = etree.fromstring(etree.tostring(element, with_tail=False))
    etree.cleanup_namespaces(copy)
    kind = copy.get("t")
    calculates = copy.find("{*}f") is not None  # a what-if table: what it came to in the template
    inner = "".join(
        etree.tostring(child, encoding="unicode", with_tail=False).replace(_declared(child), "")
        for child in copy
        if not (calculates and etree.QName(child).localname == "v")
    )
    typed = f' t="{kind}"' if kind and inner else ""
    return f' s="{style}"{typed}>{inner}</c>' if inner else f' s="{style}"/>'


def _declared(element: Any) -> str:
    return f' xmlns="{etree.QName(element).namespace}"'


def _text(cell: Any, shared: Sequence[str]) -> str | None:
    """The text of a cell; nothing where it holds none."""
    kind = cell.get("t")
    if kind == "s":
        index = cell.findtext("{*}v") or ""
        return shared[int(index)] if index.isdigit() and int(index) < len(shared) else ""
    if kind == "inlineStr":
        return joined(cell)
    return None


def joined(element: Any) -> str:
    """The text of a string item: its runs joined, without phonetic guides."""
    return "".join(
        t.text or ""
        for t in element.iter("{*}t")
        if not any(etree.QName(a).localname == "rPh" for a in t.iterancestors())
    )


def row_xml(row: DrawnRow, at: int, view: View, line: Any, context: RowContext) -> str:
    """One written row. Raises ProgrammeFault, naming the drawn cell."""
    pieces = []
    wrapped: list[tuple[int, int, str]] = []
    copy = Copy(row.number, at) if row.over else None
    for cell in row.cells:
        if cell.value is not None:
            value = cell.value.value(view, line)
            if context.cite and (source := getattr(value, "source", None)):
                context.cite(context.sheet, f"{cell.letters}{at}", value, source)
            tail = cell_tail(value, cell.style, context.styling)
            shown = value if isinstance(value, str) else ""
        elif cell.formula:
            worked = context.worked(cell, at, copy)
            tail = formula_tail(worked, cell.style, context.spread(cell, at))
            if context.cite:
                context.cite(context.sheet, f"{cell.letters}{at}", None, worked.source)
            shown = ""
        else:
            tail, shown = cell.fixed, cell.shown
        if shown and row.height is None and context.styling.wraps(cell.style):
            wrapped.append((cell.column, cell.style, shown))
        pieces.append(f'<c r="{cell.letters}{at}"{tail}')
    height = row.height or context.height(row.number, wrapped) or row.was
    return f"{row_head(row, str(at), height)}{''.join(pieces)}</row>"


def row_head(row: DrawnRow, at: str, height: float | None) -> str:
    """The opening tag of a written row."""
    tall = f' ht="{height:g}" customHeight="1"' if height else ""
    return f'<row r="{at}"{row.attributes}{tall}>'


@dataclass(frozen=True)
class RowContext:
    """What writing a row needs besides the row: styles, where rows went, and widths for heights.

    cite: to be told of every cell that says a figure (see cited).
    """

    sheet: str
    styling: Styling
    moves: dict[str, Moves]
    widths: Any  # heights.Widths
    cite: Cite | None = None
    formulas: Mapping[tuple[str, int, int], Calculated] = field(default_factory=dict)

    def worked(self, cell: DrawnCell, at: int, copy: Copy | None) -> Calculated:
        """The formula of a cell at a written row, and what it comes to."""
        known = self.formulas.get((self.sheet, at, cell.column))
        return known or Calculated(moved(cell.formula, self.sheet, self.moves, copy))

    def spread(self, cell: DrawnCell, at: int) -> str:
        """The cells over which an array formula spreads, where they went; nothing for any other."""
        if not cell.array:
            return ""
        top, left, bottom, right = area(cell.array)
        if top == bottom:
            return f"{column_letters(left)}{at}:{column_letters(right)}{at}"
        return self.moves[self.sheet].areas(cell.array) or f"{cell.letters}{at}"

    def height(self, row: int, wrapped: Sequence[tuple[int, int, str]]) -> float | None:
        """The height that wrapped texts need."""
        return self.widths.height(row, wrapped, self.styling) if wrapped else None
