"""Kinds of files that libraries get wrong, each drawn as small as it can be, with what it really holds."""

from __future__ import annotations

import io
import struct
import zipfile
from collections.abc import Callable

import pytest
from raw_packages import biff, ods, text, xlsb, xlsx, zipped

from pipeline.limits import Limits
from pipeline.model import Cell, Grid
from pipeline.office.read import Unreadable, read_grids

STYLES = '<numFmts><numFmt numFmtId="200" formatCode="{}"/></numFmts><cellXfs><xf/><xf numFmtId="200"/></cellXfs>'


def only(content: bytes) -> Grid:
    (grid,) = read_grids(content)
    return grid


def cells_of(content: bytes) -> dict[tuple[int, int], str]:
    return {place: f"{cell.type}:{cell.text}" for place, cell in only(content).cells.items()}


def parts_of(content: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        return {name: package.read(name) for name in package.namelist()}


SHARED = "<si><t>甲</t></si><si><t>乙</t></si>"
CELLS = {
    "blanks round an index": ('<c r="A1" t="s"><v>\n1\n</v></c>', "s:乙"),
    "an index that is none": ('<c r="A1" t="s"><v>7</v></c><c r="B1"><v>1</v></c>', None),
    "a value beside inline text": ('<c r="A1" t="inlineStr"><v>甲</v></c>', "s:甲"),
    "a formula of text without value": ('<c r="A1" t="str"><f>B1</f></c>', "e:#公式没有结果"),
    "a formula that gives no text": ('<c r="A1" t="str"><f>B1</f><v></v></c>', None),
    "every digit of a long number": ('<c r="A1"><v>110101199003078513</v></c>', "n:110101199003078513"),
    "a long number in powers of ten": ('<c r="A1"><v>1.1010119900307E+17</v></c>', "n:110101199003070000"),
    "a style that is no number": ('<c r="A1" s="x"><v>5</v></c>', "n:5"),
    "a style that is not there": ('<c r="A1" s="9"><v>43405</v></c>', "n:43405"),
}  # fmt: skip


@pytest.mark.parametrize("kind", CELLS)
@pytest.mark.parametrize("prefix", ["", "x:"])
def test_cells_of_a_worksheet_as_excel_shows_them(kind: str, prefix: str) -> None:
    cell, expected = CELLS[kind]
    content = xlsx(f'<row r="1">{cell}</row>', shared=SHARED)
    if prefix:
        parts = parts_of(content)
        sheet = parts["xl/worksheets/sheet1.xml"].replace(b"</", b"\0").replace(b"<", b"<x:")
        parts["xl/worksheets/sheet1.xml"] = sheet.replace(b"\0", b"</x:").replace(
            b" xmlns=", b" xmlns:x="
        )
        content = zipped(parts)
    assert cells_of(content).get((1, 1)) == expected


def test_cells_without_places_follow_one_another() -> None:
    rows = '<row r="1"><c r="A1" s="0"/><c t="e"><v>#REF!</v></c></row><row><c><v>5</v></c></row>'
    assert cells_of(xlsx(rows)) == {(1, 2): "e:#REF!", (2, 1): "n:5"}


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        ("yyyy&quot;年&quot;m&quot;月&quot;", "d:2018-11-01"), ("aaaa", "d:2018-11-01"),
        ("[$-F800]dddd\\,\\ mmmm", "d:2018-11-01"), ("[&gt;40000]yyyy-mm-dd;0", "d:2018-11-01"),
        ("mm", "d:2018-11-01"), ("0&quot;d&quot;", "n:43405"), ("0.00E+00", "n:43405"),
        ("[$USD] #,##0.00", "n:43405"), ("G/通用格式&quot;人&quot;", "n:43405"), ("[Red]0", "n:43405"),
    ],
)  # fmt: skip
@pytest.mark.parametrize("far", [False, True])
def test_what_a_number_format_shows(code: str, expected: str, far: bool) -> None:
    stray = f'<row r="1048576">{text("XFD1048576", "远")}</row>' if far else ""
    rows = f'<row r="1"><c r="A1" s="1"><v>43405</v></c></row>{stray}'
    assert cells_of(xlsx(rows, styles=STYLES.format(code)))[1, 1] == expected


@pytest.mark.parametrize(
    ("serial", "expected"),
    [("59", "d:1900-02-28"), ("0.5", "s:12:00:00"), ("43405.9999999999", "d:2018-11-02")],
)
@pytest.mark.parametrize("far", [False, True])
def test_days_at_the_edges(serial: str, expected: str, far: bool) -> None:
    stray = f'<row r="1048576">{text("XFD1048576", "远")}</row>' if far else ""
    rows = f'<row r="1"><c r="A1" s="1"><v>{serial}</v></c></row>{stray}'
    assert cells_of(xlsx(rows, styles=STYLES.format("yyyy-mm-dd")))[1, 1] == expected


def test_formats_of_conditional_formats_are_no_cells_formats() -> None:
    dxfs = '<dxfs><dxf><numFmt numFmtId="14" formatCode="0.00%"/></dxf></dxfs>'
    styles = f'<cellXfs><xf/><xf numFmtId="14"/></cellXfs>{dxfs}'
    rows = '<row r="1"><c r="A1" s="1"><v>43405</v></c></row>'
    assert cells_of(xlsx(rows, styles=styles)) == {(1, 1): "d:2018-11-01"}


def test_hours_beyond_a_day_go_on_counting() -> None:
    rows = '<row r="1"><c r="A1" s="1"><v>1.5</v></c></row>'
    assert cells_of(xlsx(rows, styles=STYLES.format("[h]:mm:ss"))) == {(1, 1): "s:36:00:00"}


def _upper(parts: dict[str, bytes]) -> dict[str, bytes]:
    return {name.replace("xl/worksheets", "XL/Worksheets"): part for name, part in parts.items()}


def _elsewhere(parts: dict[str, bytes]) -> dict[str, bytes]:
    moved = {
        n.replace("worksheets/sheet1", "一/表").replace("sharedStrings", "strings"): p
        for n, p in parts.items()
    }
    links = moved["xl/_rels/workbook.xml.rels"].decode()
    links = links.replace("worksheets/sheet1", "/xl/一/表").replace('"sharedStrings', '"strings')
    return moved | {"xl/_rels/workbook.xml.rels": links.encode()}


def _wide(parts: dict[str, bytes]) -> dict[str, bytes]:
    names = ("xl/worksheets/sheet1.xml", "xl/sharedStrings.xml")
    return parts | {name: parts[name].decode().encode("utf-16") for name in names}


PLACES: dict[str, Callable[[dict[str, bytes]], dict[str, bytes]]] = {
    "backslashes": lambda parts: {n.replace("/", "\\"): p for n, p in parts.items()},
    "leading slashes": lambda parts: {f"/{n}": p for n, p in parts.items()},
    "other letters' case": _upper,
    "other folders": _elsewhere,
    "parts in UTF-16": _wide,
    "a comment among relations": lambda parts: {
        n: p.replace(b"<Relationship ", b"<!-- x --><Relationship ", 1) for n, p in parts.items()
    },
}


@pytest.mark.parametrize("kind", PLACES)
def test_parts_are_found_by_what_relates_to_them(kind: str) -> None:
    rows = '<row r="1"><c r="A1" t="s"><v>1</v></c><c r="B1" t="e"><v>#REF!</v></c></row>'
    moved = zipped(PLACES[kind](parts_of(xlsx(rows, shared=SHARED))))
    assert cells_of(moved) == {(1, 1): "s:乙", (1, 2): "e:#REF!"}


def test_digits_lost_in_binary_are_zeros_so_that_the_loss_shows() -> None:
    """An ID number typed as a number: 15 digits are kept, and 17 tell one binary number from another."""
    for typed in (220122197803051000.0, 220122197803050244.0):
        assert cells_of(xlsb({(1, 1): typed}))[1, 1].endswith("0")


def test_numbers_in_a_binary_workbook() -> None:
    assert cells_of(xlsb({(1, 1): 12.5, (1, 2): "甲", (2, 1): "#N/A"})) == {
        (1, 1): "n:12.5", (1, 2): "s:甲", (2, 1): "e:#N/A",
    }  # fmt: skip


def test_an_old_workbook_that_does_not_say_its_code_page_is_chinese() -> None:
    content = biff(5, {(1, 1): "姓名", (2, 1): "李四"})
    silent = content.replace(struct.pack("<HHH", 0x42, 2, 936), b"", 1)
    moved = silent.replace(
        struct.pack("<I", content.index(struct.pack("<HHHH", 0x809, 8, 0x500, 0x10))),
        struct.pack("<I", silent.index(struct.pack("<HHHH", 0x809, 8, 0x500, 0x10))), 1,
    )  # fmt: skip
    assert cells_of(moved) == {(1, 1): "s:姓名", (2, 1): "s:李四"}


ODS_CELLS = {
    "text that stands only in an attribute": (
        '<table:table-cell office:value-type="string" office:string-value="甲"/>', "s:甲"),
    "a phonetic guide": (
        '<table:table-cell office:value-type="string"><text:p><text:ruby><text:ruby-base>李四</text:ruby-base>'
        "<text:ruby-text>li si</text:ruby-text></text:ruby></text:p></table:table-cell>", "s:李四"),
    "a heading": ('<table:table-cell office:value-type="string"><text:h>甲</text:h></table:table-cell>', "s:甲"),
    "an item of a list": (
        '<table:table-cell office:value-type="string"><text:list><text:list-item><text:p>甲</text:p>'
        "</text:list-item></text:list></table:table-cell>", "s:甲"),
    "every digit": (
        '<table:table-cell office:value-type="float" office:value="110101199003078513"><text:p>1.1E17</text:p>'
        "</table:table-cell>", "n:110101199003078513"),
    "a covered cell": (
        '<table:covered-table-cell office:value-type="string"><text:p>甲</text:p></table:covered-table-cell>', None),
}  # fmt: skip


@pytest.mark.parametrize("kind", ODS_CELLS)
def test_cells_of_an_open_document(kind: str) -> None:
    cell, expected = ODS_CELLS[kind]
    table = f'<table:table table:name="表"><table:table-row>{cell}</table:table-row></table:table>'
    assert cells_of(ods(table)).get((1, 1)) == expected


NAMES = {(1, 1): "s:姓名", (1, 2): "s:数", (2, 1): "s:甲", (2, 2): "s:1"}
TEXTS = {
    "filled up with zero bytes": "姓名,数\n甲,1\n".encode() + b"\0" * 70,
    "an old end of file": "姓名,数\n甲,1\n".encode("gbk") + b"\x1a",
    "tabs though addresses hold commas": "姓名\t数\n甲\t1\n".encode(),
    "rows without a table": "<tr><td>姓名</td><td>数</td></tr><tr><td>甲</td><td>1</td></tr>".encode(),
    "a web archive": b'MIME-Version: 1.0\r\nContent-Type: multipart/related; boundary="b"\r\n\r\n'
    b"--b\r\nContent-Type: text/html; charset=gb2312\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n"
    b"<table><tr><td>=D0=D5=C3=FB</td><td>=CA=FD</td></tr><tr><td>=BC=D7</td><td>1</td></tr></table>\r\n--b--",
}


@pytest.mark.parametrize("kind", TEXTS)
def test_text_tables_as_people_and_programs_leave_them(kind: str) -> None:
    assert cells_of(TEXTS[kind]) == NAMES


def test_commas_inside_cells_do_not_part_them() -> None:
    assert cells_of("姓名\t地址\n甲\t一,二,三,四\n乙\t五\n".encode())[2, 2] == "s:一,二,三,四"


def test_traditional_characters_in_big5() -> None:
    assert cells_of("姓名,戶籍地址\n陳小華,臺北市\n".encode("big5"))[2, 1] == "s:陳小華"


def test_simplified_characters_are_not_taken_for_big5() -> None:
    names = "姓名,地址\n" + "".join(f"{n},农安县农安镇宝塔街\n" for n in ("镕喆", "翀", "王秀英"))
    assert cells_of(names.encode("gb18030"))[2, 1] == "s:镕喆"


@pytest.mark.parametrize(
    "lines",
    ['姓名,数,注\n"甲,1,\n乙,2,\n丙,3,\n', '姓名,数,注\n"甲,1,\n"乙,2,\n丙,3,\n'],
)
def test_a_quote_that_is_never_closed_swallows_no_row(lines: str) -> None:
    grid = only(lines.encode())
    assert [grid.cells[row, 2].text for row in (2, 3, 4)] == ["1", "2", "3"]


def test_a_cell_in_quotes_may_have_lines_and_commas() -> None:
    grid = only('姓名,备注,数\n甲,"一,\n二",1\n乙,"他说""好""",2\n'.encode())
    assert grid.cells[2, 2].text == "一,\n二"
    assert grid.cells[3, 2] == Cell('他说"好"', "s")
    long = '姓名,说明\n甲,"一,二\n三,四\n五,六"\n乙,无\n'
    assert only(long.encode()).cells[3, 1] == Cell("乙", "s")


@pytest.mark.parametrize("declared", ["gb2312", "GBK"])
def test_what_calls_itself_gb2312_may_hold_rarer_characters(declared: str) -> None:
    book = (
        f'<?xml version="1.0" encoding="{declared}"?><Workbook '
        'xmlns="urn:schemas-microsoft-com:office:spreadsheet"><Worksheet><Table><Row><Cell><Data>'
        "镕喆</Data></Cell></Row></Table></Worksheet></Workbook>"
    )
    assert cells_of(book.encode("gb18030")) == {(1, 1): "s:镕喆"}


SPREAD = (
    '<?xml version="1.0"?><Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet" '
    'xmlns:ss="urn:schemas-microsoft-com:office:spreadsheet"><Worksheet ss:Name="表"><Table>{}</Table>'
    "</Worksheet></Workbook>"
)
ROW = "<table:table-row{}>{}</table:table-row>"
FULL = '<table:table-cell office:value-type="string" table:number-columns-repeated="16384"><text:p>甲</text:p></table:table-cell>'
COSTLY = {
    "rows that say again and again they are the first": SPREAD.format(
        '<Row ss:Index="1" ss:Span="1048575" ss:Hidden="1"><Cell><Data>甲</Data></Cell></Row>' * 3000
    ).encode(),
    "an open document of full rows repeated": ods(
        '<table:table table:name="表">'
        + ROW.format(' table:number-rows-repeated="2147483648"', FULL) * 500
        + "</table:table>"
    ),
    "a page of spans": b"<table>" + b"<tr><td rowspan=1000 colspan=1000>a" * 3000,
    "merges over everything": xlsx(
        f'<row r="1">{text("A1", "甲")}</row>',
        after="<mergeCells>" + '<mergeCell ref="A1:XFD1048576"/>' * 5000 + "</mergeCells>",
    ),
    "columns hidden many times": xlsx(
        f'<row r="1">{text("A1", "甲")}{text("XFD1", "乙")}</row>',
        before="<cols>" + '<col min="1" max="16384" hidden="1"/>' * 5000 + "</cols>",
    ),
    "cells out of order, the farthest first": xlsx(
        f'<row r="1">{text("XFD1048576", "远")}{text("A1", "甲")}</row>'
    ),
    "quotes that open and open": b"a,b,c\n" + b'"x,1,2\n' * 20_000,
    "elements in elements": b"<table>" + b"<tr><td><table>" * 3000,
}  # fmt: skip


@pytest.mark.parametrize("kind", COSTLY)
def test_what_would_fill_memory_or_time_is_read_or_named_at_little_cost(kind: str) -> None:
    limits = Limits(cells=200_000)
    try:
        grids, refused = read_grids(COSTLY[kind], limits=limits), ""
    except Unreadable as fault:
        grids, refused = (), fault.code
    assert refused in ("", "F01", "F05")
    assert bool(grids) != bool(refused)
    assert all(len(grid.cells) <= limits.cells for grid in grids)
    merges = [merge for grid in grids for merge in grid.merges]
    area = sum((bottom - top + 1) * (right - left + 1) for top, left, bottom, right in merges)
    assert area <= limits.cells, "nothing later walks over millions of places"


def test_a_package_packed_in_a_way_office_never_does_is_refused_before_it_unfolds() -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_BZIP2) as package:
        package.writestr("xl/workbook.xml", b" " * 10_000_000)
    with pytest.raises(Unreadable) as refusal:
        read_grids(out.getvalue())
    assert refusal.value.code == "F01"


def test_a_worksheet_cut_off_is_damaged_not_short() -> None:
    parts = parts_of(
        xlsx(f'<row r="1">{text("A1", "甲")}</row><row r="2">{text("A2", "乙")}</row>')
    )
    parts["xl/worksheets/sheet1.xml"] = parts["xl/worksheets/sheet1.xml"][:-40]
    with pytest.raises(Unreadable) as refusal:
        read_grids(zipped(parts))
    assert refusal.value.code == "F01"
