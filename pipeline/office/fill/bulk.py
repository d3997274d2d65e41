"""Whole columns of a table made into the XML of rows at once: no Python for a cell."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from pipeline.office.characters import column_bytes, printable_column
from pipeline.office.fill.content import cell_tail
from pipeline.office.fill.expressions import Chain, Column, Constant, Expression, View
from pipeline.office.fill.heights import as_height, line_height
from pipeline.office.fill.lines import BATCH, Batches
from pipeline.office.fill.patterns import DrawnCell, DrawnRow, RowContext, row_head

_TEXT = pa.string()
_SPECIAL = b"&<>_ \n\t"
_FIRST_DAY = 25_569  # 1970-01-01 as Excel counts days
_TEXT_BEFORE, _TEXT_AFTER = ' t="inlineStr"><is><t{}>', "</t></is></c>"

Pieces = list[Any]  # strings and arrays, to be joined row by row


def rows_xml(
    row: DrawnRow, batches: Batches, start: int, count: int, view: View, context: RowContext
) -> Iterator[bytes]:
    """The copies of a repeated row for the next `count` rows, from written row `start` on."""
    done = 0
    while done < count:
        batch = batches.take(min(BATCH, count - done))
        if not batch.num_rows:
            return
        yield _joined(_row_pieces(row, batch, start + done, view, context))
        done += batch.num_rows


def needed(row: DrawnRow, names: tuple[str, ...]) -> tuple[str, ...]:
    """The columns that a row's cells ask of a table. Raises ProgrammeFault for one it has not."""
    asked: dict[str, None] = {}
    for cell in row.cells:
        chain = _chain(cell)
        if cell.value is not None and chain is None:
            return names  # an expression of another kind: it may ask for anything
        for part in chain or ():
            if isinstance(part, Column):
                if part.name not in names and isinstance(cell.value, Expression):
                    raise cell.value.unknown(part.name)
                asked[part.name] = None
    return tuple(asked) or names[:1]


def _chain(cell: DrawnCell) -> Chain | None:
    return cell.value.chain if isinstance(cell.value, Expression) else None


def _row_pieces(
    row: DrawnRow, batch: pa.RecordBatch, start: int, view: View, context: RowContext
) -> Pieces:
    at = pc.cast(pa.array(range(start, start + batch.num_rows), pa.int32()), _TEXT)
    lines: list[Any] | None = None
    cells: Pieces = []
    heights: list[Any] = []
    for cell in row.cells:
        cells += [f'<c r="{cell.letters}', at, '"']
        chain = _chain(cell)
        if cell.value is None:
            cells.append(cell.fixed)
        elif chain is None:
            lines = lines if lines is not None else batch.to_pylist()
            values = [cell.value.value(view, line) for line in lines]
            tails = [cell_tail(v, cell.style, context.styling) for v in values]
            cells.append(pa.array(tails, _TEXT))
            texts = pa.array([v if isinstance(v, str) else "" for v in values], _TEXT)
            heights += _height(row, cell, texts, context)
        else:
            values = _evaluated(chain, batch)
            cells += _tails(values, cell.style, context)
            if pa.types.is_string(values.type):
                heights += _height(row, cell, values, context)
    head: Pieces = [row_head(row, "\0", row.height if heights else row.height or row.was)]
    before, _, after = head[0].partition("\0")
    head = [before, at, after]
    if heights:
        head = [before, at, after[:-1], _height_attributes(heights, context.widths.least), ">"]
    return [*head, *cells, "</row>"]


def _evaluated(chain: Chain, batch: pa.RecordBatch) -> Any:
    """The first value of a chain that is not empty, for each row; blanks as null."""
    found = None
    for part in chain:
        value = _of(part, batch)
        if part is not chain[-1]:
            value = _without_nought(value)
        if found is None:
            found = value
            continue
        if found.type != value.type:
            if pa.types.is_null(value.type):
                continue
            found, value = _as_text(found), _as_text(value)
        found = pc.coalesce(found, value)
    return found


def _of(part: Column | Constant, batch: pa.RecordBatch) -> Any:
    if isinstance(part, Constant):
        if part.value is None or part.value == "":
            return pa.nulls(batch.num_rows)
        return pa.array([part.value] * batch.num_rows)
    values = batch.column(part.name)
    if pa.types.is_dictionary(values.type):
        values = values.dictionary_decode()
    kind = values.type
    if pa.types.is_large_string(kind) or pa.types.is_string_view(kind):
        values = pc.cast(values, _TEXT)
    if pa.types.is_string(values.type) and pc.any(pc.equal(values, "")).as_py():
        return pc.if_else(pc.equal(values, ""), pa.scalar(None, _TEXT), values)
    return values


def _without_nought(values: Any) -> Any:
    """For `or`: a nought is passed over like a blank."""
    kind = values.type
    if pa.types.is_boolean(kind):
        return pc.if_else(values, values, pa.scalar(None, kind))
    if pa.types.is_integer(kind) or pa.types.is_floating(kind) or pa.types.is_decimal(kind):
        return pc.if_else(pc.equal(values, pa.scalar(0).cast(kind)), pa.scalar(None, kind), values)
    return values


def _as_text(values: Any) -> Any:
    return values if pa.types.is_string(values.type) else pc.cast(values, _TEXT)


def _tails(values: Any, style: int, context: RowContext) -> Pieces:
    """What stands behind each cell's place, by the type of its column."""
    kind = values.type
    if pa.types.is_null(kind):
        return [f' s="{style}"/>']
    if pa.types.is_string(kind):
        texts, kept = _escaped(values)
        return _between(texts, style, _TEXT_BEFORE.format(kept), _TEXT_AFTER)
    if pa.types.is_boolean(kind):
        return _between(pc.if_else(values, "1", "0"), style, ' t="b"><v>', "</v></c>")
    if pa.types.is_date(kind):
        days = pc.add(pc.cast(pc.cast(values, pa.date32()), pa.int32()), _FIRST_DAY)
        dated = context.styling.dated(style)
        return _between(pc.cast(days, _TEXT), dated, "><v>", "</v></c>")
    if pa.types.is_timestamp(kind):
        micro = pc.cast(pc.cast(values, pa.timestamp("us"), safe=False), pa.int64())
        days = pc.add(pc.divide(pc.cast(micro, pa.float64()), 86_400e6), float(_FIRST_DAY))
        dated = context.styling.dated(style, moment=True)
        return _between(pc.cast(days, _TEXT), dated, "><v>", "</v></c>")
    if pa.types.is_floating(kind):
        values = pc.if_else(pc.is_finite(values), values, pa.scalar(None, kind))
    return _between(pc.cast(values, _TEXT), style, "><v>", "</v></c>")


def _between(texts: Any, style: int, before: str, after: str) -> Pieces:
    """The text between what makes it a cell; a cell with its style alone where there is none."""
    if not texts.null_count:
        return [f' s="{style}"{before}', texts, after]
    filled = pc.binary_join_element_wise(before, texts, after, "")
    return [f' s="{style}"', pc.coalesce(filled, pa.scalar("/>"))]


def _escaped(texts: Any) -> tuple[Any, str]:
    """The texts as they stand in XML, and the attribute that keeps their spaces if they have any."""
    texts, special = printable_column(texts, _SPECIAL)
    for sign, entity in (("&", "&amp;"), ("<", "&lt;"), (">", "&gt;")):
        if ord(sign) in special:
            texts = pc.replace_substring(texts, sign, entity)
    if ord("_") in special:
        texts = pc.replace_substring_regex(texts, r"_(x[0-9A-Fa-f]{4}_)", r"_x005F_\1")
    return texts, ' xml:space="preserve"' if special & frozenset(b" \n\t") else ""


def _height(row: DrawnRow, cell: DrawnCell, texts: Any, context: RowContext) -> list[Any]:
    """How tall the wrapped text of one column makes each row; nothing where that is not asked."""
    if row.height is not None or not context.styling.wraps(cell.style):
        return []
    room = context.widths.room(row.number, cell.column, context.styling.size(cell.style))
    letters = pc.utf8_length(texts)
    # a Chinese character is two half widths and three bytes
    wide = pc.divide(pc.subtract(pc.binary_length(texts), letters), 2)
    width = pc.cast(pc.add(letters, wide), pa.float64())
    lines = pc.max_element_wise(pc.ceil(pc.divide(width, room)), pa.scalar(1.0))
    broken = pc.cast(pc.count_substring(texts, "\n"), pa.float64())
    tall = pc.multiply(pc.add(lines, broken), line_height(context.styling.size(cell.style)))
    return [pc.if_else(pc.equal(letters, 0), pa.scalar(None, pa.float64()), tall)]


def _height_attributes(heights: list[Any], least: float) -> Any:
    tallest = pc.max_element_wise(*heights) if len(heights) > 1 else heights[0]
    values = tallest.dictionary_encode()
    cited = [
        f' ht="{as_height(h, least):g}" customHeight="1"' if h else ""
        for h in values.dictionary.to_pylist()
    ]
    named = pc.take(pa.array(cited, _TEXT), values.indices)
    return pc.coalesce(named, pa.scalar(""))


def _joined(pieces: Pieces) -> bytes:
    """All pieces row by row, and all rows one after the other, as the bytes they are."""
    merged: Pieces = []
    for piece in pieces:
        if isinstance(piece, str) and merged and isinstance(merged[-1], str):
            merged[-1] += piece
        else:
            merged.append(piece)
    rows = pc.binary_join_element_wise(*merged, "")
    return column_bytes(rows)
