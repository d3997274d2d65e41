"""A workbook without some columns of its sheets: what a recipient may not have leaves no gap.

All else stays as it was drawn. Formulas are not followed: they are left as they are written.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from typing import Any

from lxml import etree

from pipeline.office.package import Package
from pipeline.office.places import area, column_number
from pipeline.office.xmlparts import MAIN, written_out
from pipeline.office.zipped import in_one, packed, packed_parts
from pipeline.values import column_letters

_R_ID = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
_PLACES = ("ref", "sqref", "topLeftCell", "activeCell")
# emptied of its areas such an element says nothing
_GONE_WITH_AREA = frozenset(
    {"mergeCell", "conditionalFormatting", "dataValidation", "hyperlink", "ignoredError", "comment"}
)
_COUNTED = frozenset({"mergeCells", "dataValidations", "hyperlinks", "ignoredErrors"})
# cells or columns where a name speaks of them, and their letters
_IN_NAME = r"\$?[A-Z]{1,3}(?:\$?[0-9]+|(?=:))(?::\$?[A-Z]{1,3}(?:\$?[0-9]+)?)?(?![\w(])"
_LETTERS = re.compile("[A-Z]+")
_SHAPE_COLUMN = re.compile(rb"(<x:Column>)(\d+)(</x:Column>)")


def without_columns(content: bytes, gone: Mapping[str, Collection[int]]) -> bytes:
    """The workbook without those columns of its sheets, which are given by name: what stood behind them
    moves up, what spanned them is narrower. Raises Unreadable."""
    package = Package(content)
    book = package.related("", "officeDocument")
    root = package.xml(book)
    targets = {r.id: r.target for r in package.relations(book)}
    changed: dict[str, bytes] = {}
    for sheet in root.iter(f"{{{MAIN}}}sheet"):
        if columns := gone.get(sheet.get("name")):
            part, kept = targets[sheet.get(_R_ID)], _Kept(columns)
            changed[part] = written_out(kept.sheet(package.xml(part)))
            for beside in package.relations(part):
                if beside.kind in ("comments", "table"):
                    changed[beside.target] = written_out(kept.around(package.xml(beside.target)))
                if beside.kind == "vmlDrawing":
                    changed[beside.target] = kept.shapes(package.part(beside.target))
            for name in root.iter(f"{{{MAIN}}}definedName"):
                name.text = kept.name(name.text or "", sheet.get("name"))
    changed[book] = written_out(root)
    return in_one(
        packed(part, changed[part]) if part in changed else was
        for part, was in packed_parts(content).items()
    )


class _Kept:
    """Where the columns of one sheet stand that are kept."""

    def __init__(self, gone: Collection[int]) -> None:
        self._gone = frozenset(gone)

    def sheet(self, root: Any) -> Any:
        """A worksheet's own part."""
        heads = dict(self._heads(root))
        for nth, row in enumerate(root.iter(f"{{{MAIN}}}row"), 1):
            self._row(row, int(row.get("r", nth)), heads)
        for columns in root.findall(f"{{{MAIN}}}cols/{{{MAIN}}}col"):
            first, last = self._span(int(columns.get("min")), int(columns.get("max")))
            columns.set("min", str(first))
            columns.set("max", str(last))
            if first > last:
                columns.getparent().remove(columns)
        for pane in root.iter(f"{{{MAIN}}}pane"):
            if pane.get("state", "").startswith("frozen") and pane.get("xSplit"):
                pane.set("xSplit", str(self._span(1, int(pane.get("xSplit")))[1]))
        return self.around(root)

    def around(self, root: Any) -> Any:
        """Whatever stands at cells of the sheet: merges, drop-downs, notes, tables."""
        for table in root.iter(f"{{{MAIN}}}tableColumns"):
            left = area(table.getparent().get("ref"))[1]
            for column in [c for n, c in enumerate(table, left) if n in self._gone]:
                table.remove(column)
            table.set("count", str(len(table)))
        for element in list(root.iter(etree.Element)):
            for place in _PLACES:
                if written := element.get(place):
                    self._narrow(element, place, written)
        for whole in [e for e in root if etree.QName(e).localname in _COUNTED]:
            if whole.get("count"):
                whole.set("count", str(len(whole)))
            if not len(whole):
                root.remove(whole)
        return root

    def shapes(self, content: bytes) -> bytes:
        """The shapes of a sheet's notes, each of which names its cell; columns are counted from 0."""
        return _SHAPE_COLUMN.sub(
            lambda m: m[1] + str(self._at(int(m[2]) + 1) - 1).encode() + m[3], content
        )

    def name(self, text: str, sheet: str) -> str:
        """A defined name, as far as it speaks of cells of the sheet."""

        def narrower(match: re.Match[str]) -> str:
            letters = _LETTERS.findall(match[0])
            first, last = self._span(column_number(letters[0]), column_number(letters[-1]))
            now = iter((column_letters(first), column_letters(max(first, last))))
            return _LETTERS.sub(lambda _: next(now), match[0])

        quoted = "'{}'".format(sheet.replace("'", "''"))
        for speaking in (quoted, sheet):
            text = re.sub(f"(?<={re.escape(speaking)}!){_IN_NAME}", narrower, text)
        return text

    def _heads(self, root: Any) -> Iterator[tuple[tuple[int, int], int]]:
        """Merged cells whose first column goes, by row and column: what they say stands in the first that stays."""
        for merge in root.iter(f"{{{MAIN}}}mergeCell"):
            top, left, _, right = area(merge.get("ref"))
            stays = [n for n in range(left, right + 1) if n not in self._gone]
            if stays and stays[0] != left:
                yield (top, left), stays[0]

    def _row(self, row: Any, number: int, heads: Mapping[tuple[int, int], int]) -> None:
        row.attrib.pop("spans", None)
        column, cells = 0, dict[int, Any]()
        for cell in list(row):
            column = area(cell.get("r"))[1] if cell.get("r") else column + 1
            stands = heads.get((number, column), column)
            if stands not in self._gone:
                cells.setdefault(stands, cell)  # behind the head of merged cells nothing is shown
            row.remove(cell)
        for stands in sorted(cells):
            cells[stands].set("r", f"{column_letters(self._at(stands))}{number}")
            row.append(cells[stands])

    def _narrow(self, element: Any, place: str, written: str) -> None:
        kind = etree.QName(element).localname
        areas = [self._area(one, always=kind not in _GONE_WITH_AREA) for one in written.split()]
        if kind == "mergeCell" and ":" not in areas[0]:
            areas = []
        if any(areas):
            element.set(place, " ".join(filter(None, areas)))
        elif kind in _GONE_WITH_AREA:
            element.getparent().remove(element)

    def _area(self, written: str, *, always: bool) -> str:
        """An area as it is now; nothing where no column of it is left, unless it must stand somewhere."""
        try:
            top, left, bottom, right = area(written)
        except ValueError:  # whole rows or columns
            return written
        first, last = self._span(left, right)
        if first > last and not always:
            return ""
        here = f"{column_letters(first)}{top}"
        last = max(first, last)
        return here if (first, top) == (last, bottom) else f"{here}:{column_letters(last)}{bottom}"

    def _span(self, first: int, last: int) -> tuple[int, int]:
        """The first and the last column of what is left; the last before the first where nothing is."""
        return self._at(first), self._at(last + 1) - 1

    def _at(self, column: int) -> int:
        """Where a column stands now, or what stood behind it."""
        return column - sum(n < column for n in self._gone)
