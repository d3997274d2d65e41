"""CSV tables in bulk, each cell safe to open in Excel."""

from __future__ import annotations

from typing import BinaryIO

import pyarrow as pa
import pyarrow.compute as pc

from pipeline.office.characters import column_bytes

_BOM = "\ufeff".encode()
_AT_ONCE = 65_536
_LEADING, _QUOTED = frozenset(b"=+-@\t"), frozenset(b'",\r\n')
_PLAIN = bytes(frozenset(range(256)) - _LEADING - _QUOTED)


def write_csv(table: pa.Table, stream: BinaryIO) -> None:
    """The table with its header, UTF-8 with a BOM, nulls blank.

    A text that a spreadsheet would take for a formula is led by an apostrophe.
    """
    header = pa.table({name: [name] for name in table.column_names})
    stream.write(_BOM)
    for part in (header, *(pa.Table.from_batches([b]) for b in table.to_batches(_AT_ONCE))):
        if part.num_rows:
            stream.write(_lines(part))


def _lines(table: pa.Table) -> bytes:
    cells = [_quoted(column.combine_chunks()) for column in table.columns]
    lines = pc.binary_join_element_wise(*cells, ",")
    whole = pc.binary_join(pa.ListArray.from_arrays([0, len(lines)], lines), "\r\n")
    return bytes(whole[0].as_buffer()) + b"\r\n"


def _quoted(column: pa.Array) -> pa.Array:
    """The cells of one column as they stand in the file."""
    text = column.cast(pa.string())
    if text.null_count:
        text = pc.fill_null(text, "")
    if not pa.types.is_string(column.type):
        return text
    signs = frozenset(column_bytes(text).translate(None, _PLAIN))
    if signs & _LEADING:
        led = pc.match_substring_regex(text, r"^[=+\-@\t]")
        text = pc.if_else(led, pc.binary_join_element_wise("'", text, ""), text)
    if signs & _QUOTED:
        quoted = pc.replace_substring(text, '"', '""')
        quoted = pc.binary_join_element_wise('"', quoted, '"', "")
        text = pc.if_else(pc.match_substring_regex(text, '[",\r\n]'), quoted, text)
    return text
