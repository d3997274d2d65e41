"""Web pages saved as .xls, and SpreadsheetML 2003: tables written in markup."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from pipeline.limits import Limits
from pipeline.model import Cell, Grid
from pipeline.workbooks.cells import bounded, cell_of
from pipeline.workbooks.faults import Unreadable

_SS = "{urn:schemas-microsoft-com:office:spreadsheet}"
_SPAN = 1_000  # the most rows or columns one cell may reach over


def parse_xml(content: bytes) -> Any:
    """The root of an XML document; entities, DTDs and networks are left alone. Raises Unreadable."""
    from lxml import etree

    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, huge_tree=True
    )
    try:
        return etree.fromstring(content, parser)
    except etree.XMLSyntaxError as fault:
        raise Unreadable("F01", "文件已损坏，XML 不完整") from fault


def read_spreadsheet_xml(content: bytes, limits: Limits) -> tuple[Grid, ...]:
    """All sheets of an Excel 2003 XML file. Raises Unreadable."""
    root = parse_xml(content.lstrip(b"\xef\xbb\xbf \t\r\n"))
    grids = []
    for sheet in root.iter(f"{_SS}Worksheet"):
        cells: dict[tuple[int, int], Cell] = {}
        merges: list[tuple[int, int, int, int]] = []
        hidden: set[int] = set()
        name = str(sheet.get(f"{_SS}Name", ""))
        row = 0
        for line in sheet.iter(f"{_SS}Row"):
            row = _whole(line.get(f"{_SS}Index"), row + 1)
            if line.get(f"{_SS}Hidden") == "1":
                hidden.add(row)
            for column, wide, tall, cell in _spreadsheet_line(line):
                if wide or tall:
                    merges.append((row, column, row + tall, column + wide))
                if cell.type:
                    cells[row, column] = cell
            bounded(cells, name, limits)
        grids.append(Grid(name, cells, tuple(merges), frozenset(hidden)))
    return tuple(grids)


def _whole(text: str | None, otherwise: int) -> int:
    return min(int(text), 1_048_576) if text and text.isdigit() else otherwise


def _spreadsheet_line(line: Any) -> Iterator[tuple[int, int, int, Cell]]:
    column = 0
    for element in line.iter(f"{_SS}Cell"):
        column = _whole(element.get(f"{_SS}Index"), column + 1)
        wide = _whole(element.get(f"{_SS}MergeAcross"), 0)
        tall = _whole(element.get(f"{_SS}MergeDown"), 0)
        data = element.find(f"{_SS}Data")
        yield column, wide, tall, _spreadsheet_cell(data)
        column += wide


def _spreadsheet_cell(data: Any) -> Cell:
    if data is None:
        return Cell("", "")
    text = "".join(data.itertext())
    kind = data.get(f"{_SS}Type", "String")
    if kind == "Number":
        try:
            return cell_of(float(text))
        except ValueError:
            return cell_of(text)
    if kind == "DateTime":
        return Cell(text[:10], "d") if text else Cell("", "")
    return Cell(text, "e") if kind == "Error" else cell_of(text)


def read_html(text: str, limits: Limits) -> tuple[Grid, ...]:
    """Every table of a web page, one a sheet; spans become merges. Raises Unreadable."""
    from lxml import html

    try:
        root = html.document_fromstring(
            text.encode("utf-8"), parser=html.HTMLParser(encoding="utf-8")
        )
    except Exception as fault:
        raise Unreadable("F01", "网页已损坏，读不出表格") from fault
    tables = [t for t in root.iter("table") if not list(t.iterdescendants("table"))]
    if not tables:
        raise Unreadable("F01", "是网页，里面没有表格。请用 Excel 打开后另存为 .xlsx")
    return tuple(_html_table(table, n, limits) for n, table in enumerate(tables, 1))


def _html_table(table: Any, number: int, limits: Limits) -> Grid:
    cells: dict[tuple[int, int], Cell] = {}
    merges: list[tuple[int, int, int, int]] = []
    covered: set[tuple[int, int]] = set()
    for row, line in enumerate(table.iter("tr"), 1):
        column = 1
        for element in line:
            if element.tag not in ("td", "th"):
                continue
            while (row, column) in covered:
                column += 1
            wide = min(_whole(element.get("colspan"), 1) or 1, _SPAN)
            tall = min(_whole(element.get("rowspan"), 1) or 1, _SPAN)
            if wide > 1 or tall > 1:
                merges.append((row, column, row + tall - 1, column + wide - 1))
                covered |= {(row + r, column + c) for r in range(tall) for c in range(wide)}
            found = cell_of(" ".join("".join(element.itertext()).split()))
            if found.type:
                cells[row, column] = found
            column += wide
        bounded(cells, f"表{number}", limits)
    return Grid(f"表{number}", cells, tuple(merges))
