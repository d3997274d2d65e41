"""The front sheet (核对结果): what to mend, in the order a clerk works, each line a link to its cell."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from lxml import etree

from pipeline.model.front_sheet import Front, Line
from pipeline.office.characters import printable, shown_width
from pipeline.office.fill.content import text_tail
from pipeline.office.mark.edited import R_ID, Edited, Element, tag, whole_number
from pipeline.office.mark.origin import WORKSHEET, is_ours
from pipeline.office.mark.styles import COLOURS, Styles
from pipeline.office.xmlparts import MAIN

_HEADER = (
    "序号",
    "涉及人员",
    "单元格",
    "处理",
    "存在问题及改正要求",
    "建议值",
    "建议值依据",
    "规则依据",
)
_WIDTHS = (6, 12, 20, 8, 52, 24, 34, 30)
_LAST = chr(64 + len(_HEADER))
_TITLE = "核对结果"
_MOST_LINKS = 65_000  # Excel takes 65,530 on a sheet


def add_front(package: Edited, styles: Styles, front: Front) -> str:
    """Puts the front sheet before all others and opens the workbook on it; says what it is called.

    In a workbook that we sent back before it takes the place of the one that lies there.
    """
    content = _worksheet(front, styles).encode("utf-8")
    book = package.tree(package.workbook_part)
    sheets = book.find(tag("sheets"))
    listed = list(sheets.iter(tag("sheet")))
    if is_ours(package) and (old := package.sheets().get(_TITLE)):
        package.replace(old, content)
        _first(book, sheets, next(n for n, s in enumerate(listed) if s.get("name") == _TITLE))
        return _TITLE
    part = package.free("xl/worksheets/sheetMark{}.xml")
    package.add(part, content, content_type=WORKSHEET)
    names = {s.get("name") for s in listed}
    name = next(
        n for k in range(1, 999) if (n := _TITLE if k == 1 else f"{_TITLE}{k}") not in names
    )
    number = max((whole_number(s.get("sheetId")) for s in listed), default=0) + 1
    sheet = etree.Element(tag("sheet"), name=name, sheetId=str(number))
    sheet.set(R_ID, package.relate(package.workbook_part, part, "worksheet"))
    sheets.append(sheet)
    _first(book, sheets, len(listed))
    return name


def _first(book: Element, sheets: Element, at: int) -> None:
    """Moves a sheet before all others, and opens the workbook on it."""
    moved = list(sheets.iter(tag("sheet")))[at]
    sheets.remove(moved)
    sheets.insert(0, moved)
    for defined in book.iter(tag("definedName")):  # these count sheets from the first
        local = defined.get("localSheetId") or ""
        if local.isascii() and local.isdigit():
            was = int(local[:9])
            defined.set("localSheetId", str(0 if was == at else was + (was < at)))
        elif "localSheetId" in defined.attrib:  # of no sheet: Excel would call the file damaged
            defined.getparent().remove(defined)
    for view in book.iter(tag("workbookView")):
        view.set("activeTab", "0")
        view.set("firstSheet", "0")


def _worksheet(front: Front, styles: Styles) -> str:
    head = 2 + len(front.advice)
    columns = "".join(
        f'<col min="{n}" max="{n}" width="{width}" customWidth="1"/>'
        for n, width in enumerate(_WIDTHS, 1)
    )
    rows, links = _rows(front, styles, head)
    last = head + len(front.lines)
    filtered = f'<autoFilter ref="A{head}:{_LAST}{last}"/>' if front.lines else ""
    merged = "".join(f'<mergeCell ref="A{row}:{_LAST}{row}"/>' for row in range(1, head))
    return (
        f'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n<worksheet xmlns="{MAIN}">'
        '<sheetPr><pageSetUpPr fitToPage="1"/></sheetPr><sheetViews>'
        '<sheetView showGridLines="0" tabSelected="1" workbookViewId="0">'
        f'<pane ySplit="{head}" topLeftCell="A{head + 1}" activePane="bottomLeft" state="frozen"/>'
        f"</sheetView></sheetViews><cols>{columns}</cols><sheetData>{rows}</sheetData>{filtered}"
        f'<mergeCells count="{head - 1}">{merged}</mergeCells>'
        + (f"<hyperlinks>{links}</hyperlinks>" if links else "")
        + '<pageMargins left="0.4" right="0.4" top="0.6" bottom="0.6" header="0.3" footer="0.3"/>'
        '<pageSetup paperSize="9" orientation="landscape" fitToHeight="0"/></worksheet>'
    )


def _rows(front: Front, styles: Styles, head: int) -> tuple[str, str]:
    """The rows, and the links from them to the cells."""
    title = styles.made(size=16, bold=True, boxed=False)
    plain, advice = styles.made(), styles.made(boxed=False)
    middle = styles.made(centred=True)
    header = styles.made(bold=True, fill="FFE8EDF3", centred=True)
    link = styles.made(colour="FF1F4E99", centred=True)
    word = {s: styles.made(fill=c, centred=True) for s, c in COLOURS.items()}
    whole = sum(_WIDTHS)
    rows = [_row(1, [(front.title, title)], 28)]
    for n, text in enumerate(front.advice, 2):
        rows.append(_row(n, [(text, advice)], 16.0 * (1 + shown_width(text) // whole)))
    rows.append(_row(head, [(text, header) for text in _HEADER], 22))
    links: list[str] = []
    for n, line in enumerate(front.lines, 1):
        where = f"{line.sheet} {line.place}".strip() or "整个文件"
        linked = bool(line.place) and len(links) < _MOST_LINKS
        cells = [
            (str(n), middle), (line.who, middle), (where, link if linked else middle),
            (line.word, word[line.severity]), (line.message, plain), (line.suggested, middle),
            (line.evidence, plain), (line.source, plain),
        ]  # fmt: skip
        tall = max(
            1 + shown_width(text) // (width - 2)
            for (text, _), width in zip(cells, _WIDTHS, strict=True)
        )
        rows.append(_row(head + n, cells, min(max(20.0, 15.5 * tall), 409.0)))
        if linked:
            links.append(_link(f"C{head + n}", line))
    return "".join(rows), "".join(links)


def _row(number: int, cells: Sequence[tuple[str, int]], height: float) -> str:
    body = "".join(
        f'<c r="{chr(65 + column)}{number}"{text_tail(text, style)}'
        for column, (text, style) in enumerate(cells)
    )
    return f'<row r="{number}" ht="{height:g}" customHeight="1">{body}</row>'


def _link(place: str, line: Line) -> str:
    sheet = escape(printable(line.sheet).replace("'", "''"))
    target = escape(line.place)
    return f'<hyperlink ref="{place}" location="\'{sheet}\'!{target}" display="{target}"/>'
