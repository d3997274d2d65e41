"""A name list for one recipient: the template without the columns it may not have, the values masked."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pipeline.office.fill import Lines
from pipeline.office.places import area
from pipeline.programme import Package, Programme
from pipeline.values import masked_column, masks

if TYPE_CHECKING:
    import pyarrow as pa

_LIST_ROW = re.compile(r"\{%\s*row\s+(\w+)\s+in\s")


def kept_fields(package: Package, programme: Programme) -> frozenset[str]:
    """The fields whose values the recipient sees, masked or not."""
    wanted = package.columns or tuple(programme.field)
    if package.masking == "none":
        return frozenset(wanted)
    return frozenset(
        name
        for name in wanted
        if not (telling := _tells(name, programme))
        or (package.masking == "partial" and masks(programme.field[name].kind))
        or (package.masking == "partial" and telling and name in package.columns)
    )


def seen_in_full(package: Package, programme: Programme) -> list[str]:
    """What of a person the recipient may see unmasked: id, name, phone."""
    if package.masking != "none":
        return []
    kinds = {programme.field[name].kind for name in kept_fields(package, programme)}
    words = {"id": "id", "certificate": "id", "name": "name", "phone": "phone"}
    return sorted({words[kind] for kind in kinds & set(words)})


def lists_for(
    package: Package, people: Mapping[str, Lines], programme: Programme
) -> dict[str, Lines]:
    """The same lists with what the recipient may not have left out or masked, as they are read."""
    kept = kept_fields(package, programme)
    return {name: _masked(lines, kept, package, programme) for name, lines in people.items()}


def _tells(name: str, programme: Programme) -> bool:
    return masks(programme.field[name].kind) or programme.field[name].sensitive


def _masked(lines: Lines, kept: frozenset[str], package: Package, programme: Programme) -> Lines:
    def batches(names: Sequence[str]) -> Iterator[pa.RecordBatch]:
        import pyarrow as pa

        for batch in lines.read(names):
            columns = [
                _column(name, column, kept, package, programme)
                for name, column in zip(batch.schema.names, batch.columns, strict=True)
            ]
            yield pa.RecordBatch.from_arrays(columns, names=batch.schema.names)

    return Lines(rows=len(lines), names=lines.names, batches=batches)


def _column(
    name: str, column: pa.Array, kept: frozenset[str], package: Package, programme: Programme
) -> pa.Array:
    import pyarrow as pa

    field = None if name in OF_THE_LIST else programme.field.get(name)
    if name in OURS_BY_NUMBER and package.masking != "none":
        return pa.nulls(len(column), column.type)
    if field is None:
        return column
    if name not in kept:
        return pa.nulls(len(column), column.type)
    if package.masking == "none" or not masks(field.kind):
        return column
    return masked_column(field.kind, column)


# what the list itself says of a line, before any field of the same name
OF_THE_LIST = frozenset({"seq", "unit_name", "prefecture_name"})
# columns of the records that hold a person's number under names of ours, whatever the programme calls it
OURS_BY_NUMBER = frozenset({"person", "number", "certificate", "residence", "home"})


def narrowed(template: Path, kept: frozenset[str], programme: Programme, target: Path) -> None:
    """Writes the template without the columns of lists that hold nothing the recipient may have."""
    from openpyxl import load_workbook

    book: Any = load_workbook(template)
    for sheet in book.worksheets:
        for column in reversed(_columns_to_drop(sheet, kept, programme)):
            _drop(sheet, column)
    book.save(target)


def _columns_to_drop(sheet: Any, kept: frozenset[str], programme: Programme) -> list[int]:
    for row in sheet.iter_rows():
        if match := _LIST_ROW.search(str(row[0].value or "")):
            slot = re.compile(rf"\b{match[1]}\.(\w+)")
            named = ((cell.column, set(slot.findall(str(cell.value or "")))) for cell in row)
            fields = set(programme.field) - OF_THE_LIST
            return [n for n, names in named if names and names <= fields and not names & kept]
    return []


def _drop(sheet: Any, column: int) -> None:
    """One column gone; what spans it is narrower by one, widths go with their columns."""
    from openpyxl.utils import get_column_letter as letters

    merged = [r.bounds for r in sheet.merged_cells.ranges]
    for bounds in merged:
        sheet.unmerge_cells(range_string=_area(*bounds))
    last = sheet.max_column
    widths = {n: sheet.column_dimensions[letters(n)].width for n in range(1, last + 1)}
    heads = {b: sheet.cell(b[1], b[0]).value for b in merged}
    sheet.delete_cols(column)
    for n in range(column, last):
        sheet.column_dimensions[letters(n)].width = widths[n + 1]
    sheet.column_dimensions.pop(letters(last), None)
    for holder, word in ((sheet, "print_area"), (sheet.auto_filter, "ref")):
        if reference := str(getattr(holder, word) or "").rpartition("!")[2].replace("$", ""):
            first, left, bottom, right = area(reference)
            setattr(
                holder,
                word,
                _area(left - (left > column), first, right - (right >= column), bottom),
            )
    for left, top, right, bottom in merged:
        now = (left - (left > column), top, right - (right >= column), bottom)
        if now[0] <= now[2]:
            sheet.cell(now[1], now[0]).value = heads[left, top, right, bottom]
            if (now[0], now[1]) != (now[2], now[3]):
                sheet.merge_cells(_area(*now))


def _area(left: int, top: int, right: int, bottom: int) -> str:
    from openpyxl.utils import get_column_letter as letters

    return f"{letters(left)}{top}:{letters(right)}{bottom}"
