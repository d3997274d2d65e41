"""A name list for one recipient: the template without the columns it may not have, the values masked."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from pipeline.office.fill import DrawnRow, Lines, opened
from pipeline.office.without_columns import without_columns
from pipeline.programme import Package, Programme
from pipeline.values import masked_column, masks

if TYPE_CHECKING:
    import pyarrow as pa


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


def narrowed(template: Path, kept: frozenset[str], programme: Programme) -> bytes:
    """The template without the columns of lists that hold nothing the recipient may have. Raises ProgrammeFault."""
    lists = (
        (sheet.name, next((r for r in sheet.rows if r.over), None))
        for sheet in opened(template).sheets
    )
    gone = {name: _columns_to_drop(row, kept, programme) for name, row in lists if row}
    return without_columns(template.read_bytes(), gone)


def _columns_to_drop(row: DrawnRow, kept: frozenset[str], programme: Programme) -> list[int]:
    variable = row.over.variable if row.over else ""
    slot = re.compile(rf"\b{variable}\.(\w+)")
    fields = set(programme.field) - OF_THE_LIST
    named = ((cell.column, set(slot.findall(cell.source))) for cell in row.cells)
    return [n for n, names in named if names and names <= fields and not names & kept]
