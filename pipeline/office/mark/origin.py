"""A hidden sheet that says what a workbook was made from; it survives renaming, Excel, WPS and LibreOffice."""

from __future__ import annotations

from collections.abc import Mapping

from lxml import etree

from pipeline.office.fill.content import text_tail
from pipeline.office.mark.edited import R_ID, Edited, tag, whole_number
from pipeline.office.xmlparts import MAIN

SHEET, FORM, PREFIX = "_pipeline_origin", "_pipeline", "pipeline_"
WORKSHEET = "application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"


def is_ours(package: Edited) -> bool:
    """Whether the workbook is one that we sent out before: marked, or as a form."""
    return not {SHEET, FORM}.isdisjoint(package.sheets())


def add_origin(package: Edited, facts: Mapping[str, str]) -> None:
    """Lays down what the workbook says of itself; of a workbook sent back before, in the same place."""
    content = _worksheet(facts).encode("utf-8")
    if old := package.sheets().get(SHEET):
        package.replace(old, content)
        return
    part = package.free("xl/worksheets/sheetOrigin{}.xml")
    package.add(part, content, content_type=WORKSHEET)
    sheets = package.tree(package.workbook_part).find(tag("sheets"))
    numbers = (whole_number(s.get("sheetId")) for s in sheets.iter(tag("sheet")))
    sheet = etree.SubElement(
        sheets,
        tag("sheet"),
        name=SHEET,
        sheetId=str(max(numbers, default=0) + 1),
        state="veryHidden",
    )
    sheet.set(R_ID, package.relate(package.workbook_part, part, "worksheet"))


def _worksheet(facts: Mapping[str, str]) -> str:
    rows = "".join(
        f'<row r="{n}"><c r="A{n}"{text_tail(PREFIX + name, 0)}<c r="B{n}"{text_tail(value, 0)}</row>'
        for n, (name, value) in enumerate(facts.items(), 1)
    )
    return (
        f'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n<worksheet xmlns="{MAIN}">'
        f"<sheetData>{rows}</sheetData></worksheet>"
    )
