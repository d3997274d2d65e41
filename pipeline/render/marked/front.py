"""The front sheet (核对结果): what to mend, in the order a clerk works, each line a link to its cell."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from lxml import etree

from pipeline.model import Severity
from pipeline.office import shown_width
from pipeline.render.marked.package import MAIN, R_ID, Element, Package, tag
from pipeline.render.marked.styles import COLOURS, Styles

_WORKSHEET = "application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"
_HEADER = ("序号", "谁", "哪一格", "处理", "问题和怎么改", "建议值", "建议的根据", "依据")
_WIDTHS = (6, 12, 20, 8, 52, 24, 34, 30)
_TITLE = "核对结果"


@dataclass(frozen=True)
class Line:
    """One finding as the front sheet says it. `place` is empty for a whole sheet or file."""

    who: str
    sheet: str
    place: str
    severity: Severity
    word: str
    message: str
    suggested: str = ""
    evidence: str = ""
    source: str = ""


@dataclass(frozen=True)
class Front:
    """The sheet's text: a title, lines that say what to do, and the findings."""

    title: str
    advice: Sequence[str]
    lines: Sequence[Line]


def add_front(package: Package, styles: Styles, front: Front) -> None:
    """Puts the front sheet before all others and opens the workbook on it."""
    part = package.free("xl/worksheets/sheetMark{}.xml")
    package.add(part, _worksheet(front, styles), content_type=_WORKSHEET)
    book = package.tree(package.workbook_part)
    sheets = book.find(tag("sheets"))
    names = {s.get("name") for s in sheets}
    name = next(n for k in range(1, 99) if (n := _TITLE if k == 1 else f"{_TITLE}{k}") not in names)
    number = max(int(s.get("sheetId")) for s in sheets) + 1
    sheet = etree.Element(tag("sheet"), name=name, sheetId=str(number))
    sheet.set(R_ID, package.relate(package.workbook_part, part, "/worksheet"))
    sheets.insert(0, sheet)
    for defined in book.iter(tag("definedName")):  # these count sheets from the first
        if defined.get("localSheetId") is not None:
            defined.set("localSheetId", str(int(defined.get("localSheetId")) + 1))
    _open_on_first(package, book, part)


def _open_on_first(package: Package, book: Element, front: str) -> None:
    for view in book.iter(tag("workbookView")):
        view.set("activeTab", "0")
        view.set("firstSheet", "0")
    for part in package.sheets().values():
        if part != front:
            for view in package.tree(part).iter(tag("sheetView")):
                view.attrib.pop("tabSelected", None)


def _worksheet(front: Front, styles: Styles) -> Element:
    root = etree.Element(tag("worksheet"), nsmap={None: MAIN})
    setup = etree.SubElement(root, tag("sheetPr"))
    etree.SubElement(setup, tag("pageSetUpPr"), fitToPage="1")
    head = 2 + len(front.advice)
    view = etree.SubElement(
        etree.SubElement(root, tag("sheetViews")), tag("sheetView"),
        showGridLines="0", tabSelected="1", workbookViewId="0",
    )  # fmt: skip
    etree.SubElement(
        view, tag("pane"), ySplit=str(head), topLeftCell=f"A{head + 1}",
        activePane="bottomLeft", state="frozen",
    )  # fmt: skip
    columns = etree.SubElement(root, tag("cols"))
    for n, width in enumerate(_WIDTHS, 1):
        etree.SubElement(
            columns, tag("col"), min=str(n), max=str(n), width=str(width), customWidth="1"
        )
    data = etree.SubElement(root, tag("sheetData"))
    links = _rows(data, front, styles, head)
    last = chr(64 + len(_HEADER))
    if front.lines:
        etree.SubElement(root, tag("autoFilter"), ref=f"A{head}:{last}{head + len(front.lines)}")
    merged = etree.SubElement(root, tag("mergeCells"))
    for row in range(1, head):
        etree.SubElement(merged, tag("mergeCell"), ref=f"A{row}:{last}{row}")
    if links:
        root.append(_hyperlinks(links))
    etree.SubElement(root, tag("pageMargins"), left="0.4", right="0.4", top="0.6", bottom="0.6",
                     header="0.3", footer="0.3")  # fmt: skip
    etree.SubElement(
        root, tag("pageSetup"), paperSize="9", orientation="landscape", fitToHeight="0"
    )
    return root


def _rows(data: Element, front: Front, styles: Styles, head: int) -> list[tuple[str, Line]]:
    title = styles.made(size=16, bold=True, boxed=False)
    plain, advice = styles.made(), styles.made(boxed=False)
    middle, header = (
        styles.made(centred=True),
        styles.made(bold=True, fill="FFE8EDF3", centred=True),
    )
    link = styles.made(colour="FF1F4E99", centred=True)
    word = {s: styles.made(fill=c, centred=True) for s, c in COLOURS.items()}
    whole = sum(_WIDTHS)
    _row(data, 1, [(front.title, title)], 28)
    for n, text in enumerate(front.advice, 2):
        _row(data, n, [(text, advice)], 16.0 * (1 + shown_width(text) // whole))
    _row(data, head, [(text, header) for text in _HEADER], 22)
    links = []
    for n, line in enumerate(front.lines, 1):
        where = f"{line.sheet} {line.place}".strip() or "整个文件"
        linked = bool(line.place)
        cells = [
            (str(n), middle), (line.who, middle), (where, link if linked else middle),
            (line.word, word[line.severity]), (line.message, plain), (line.suggested, middle),
            (line.evidence, plain), (line.source, plain),
        ]  # fmt: skip
        tall = max(
            1 + shown_width(text) // (width - 2)
            for (text, _), width in zip(cells, _WIDTHS, strict=True)
        )
        _row(data, head + n, cells, max(20.0, 15.5 * tall))
        if linked:
            links.append((f"C{head + n}", line))
    return links


def _row(data: Element, number: int, cells: Sequence[tuple[str, int]], height: float) -> None:
    row = etree.SubElement(data, tag("row"), r=str(number), ht=f"{height:g}", customHeight="1")
    for column, (text, style) in enumerate(cells):
        cell = etree.SubElement(row, tag("c"), r=f"{chr(65 + column)}{number}", s=str(style))
        if text:
            cell.set("t", "inlineStr")
            said = etree.SubElement(etree.SubElement(cell, tag("is")), tag("t"))
            said.text = text
            said.set("{http://www.w3.org/XML/1998/namespace}space", "preserve")


def _hyperlinks(links: Sequence[tuple[str, Line]]) -> Element:
    root = etree.Element(tag("hyperlinks"))
    for place, line in links:
        sheet = line.sheet.replace("'", "''")
        etree.SubElement(
            root,
            tag("hyperlink"),
            ref=place,
            location=f"'{sheet}'!{line.place}",
            display=line.place,
        )
    return root
