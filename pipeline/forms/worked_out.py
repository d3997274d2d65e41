"""A form in which people stand already: what its formulas come to, for whoever looks without calculating."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator, Mapping, Sequence

from pipeline.forms.placed import FIRST, Roster
from pipeline.office.zipped import in_one, packed, packed_parts

_RESULT = re.compile(rb'(?: t="\w+")?>(<f>[^<]*</f>)<v>[^<]*</v>')
_SHEET = re.compile(r'<sheet name="([^"]*)"')
_END = b"</sheetData>"
# blanks at the end of a text that programs do not all take for blanks
_ODD_BLANKS = re.compile(r'(?<=preserve">)[^\S ]|[^\S ](?=</t>)')


def worked_out(form: bytes, rosters: Sequence[Roster], people: Mapping[str, int]) -> bytes:
    """The form with the results of its formulas, where before they were those of an empty one.

    people: by roster sheet how many stand in it, from the top. Rows that nobody stands in keep the results
    of an empty row. What cannot be worked out here for certain is left to the program that opens it.
    """
    import formualizer

    parts = packed_parts(form)
    with zipfile.ZipFile(io.BytesIO(form)) as package:
        names = _SHEET.findall(package.read("xl/workbook.xml").decode("utf-8"))
        part = {name: f"xl/worksheets/sheet{n}.xml" for n, name in enumerate(names, 1)}
        typed = [package.read(part[r.kind.label]).decode("utf-8") for r in rosters]
        helpers = {
            part[r.helper]: _cut(package.read(part[r.helper]), people.get(r.kind.label, 0))
            for r in rosters
        }
    if any(_ODD_BLANKS.search(sheet) for sheet in typed):
        return _uncalculated(form)
    cut = {n: packed(n, rows + _END + end) for n, (rows, _, end) in helpers.items()}
    short = in_one((parts | cut).values())
    try:
        done = formualizer.recalculate_xlsx_bytes(short)
    except OSError:  # what it says of a workbook that it does not understand
        return _uncalculated(form)
    if done["summary"]["total_errors"]:
        return _uncalculated(form)
    parts = packed_parts(done["bytes"])
    with zipfile.ZipFile(io.BytesIO(done["bytes"])) as package:
        for name, (_, further, end) in helpers.items():
            rows = package.read(name).partition(_END)[0]
            parts[name] = packed(name, rows + further + _END + end)
    return in_one(parts.values())


def _cut(sheet: bytes, people: int) -> tuple[bytes, bytes, bytes]:
    """A helper sheet up to the last row beside a person, its further rows, and what stands behind them."""
    rows, _, end = sheet.partition(_END)
    at = rows.find(f'<row r="{FIRST + people}"'.encode())
    return (rows[:at], rows[at:], end) if at >= 0 else (rows, b"", end)


def _uncalculated(form: bytes) -> bytes:
    """The form without results: whatever program opens it works them out."""
    parts = packed_parts(form)
    for name, content in _contents(form):
        if _RESULT.search(content):
            parts[name] = packed(name, _RESULT.sub(rb">\1", content))
    return in_one(parts.values())


def _contents(form: bytes) -> Iterator[tuple[str, bytes]]:
    with zipfile.ZipFile(io.BytesIO(form)) as source:
        for name in source.namelist():
            yield name, source.read(name)
