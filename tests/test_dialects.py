"""Sound files as other programs than Excel write them, and as people save them; each says the same two words."""

from __future__ import annotations

import io
import struct
import zipfile
from collections.abc import Callable, Mapping

import pytest
from raw_packages import ods, text, xlsx, zipped

from pipeline.model import Grid
from pipeline.office.read import Unreadable, read_grids

Parts = dict[str, bytes]
SHARED = "<si><t>甲</t></si><si><t>乙</t></si>"
STYLES = '<numFmts><numFmt numFmtId="200" formatCode="{}"/></numFmts><cellXfs><xf/><xf numFmtId="200"/></cellXfs>'
ROW = '<row r="1"><c r="A1" t="s"><v>1</v></c><c r="B1" t="e"><v>#REF!</v></c></row>'
READ = {"A1": "s:乙", "B1": "e:#REF!"}
FAR = (
    f'<row r="1048570">{text("XFC1048570", "远")}</row>'  # so far off that it is read cell by cell
)
SHEET, BOOK, LINKS = "xl/worksheets/sheet1.xml", "xl/workbook.xml", "xl/_rels/workbook.xml.rels"


def cells_in(grid: Grid) -> dict[str, str]:
    return {
        f"{'ABCDEFGH'[c - 1]}{r}": f"{cell.type}:{cell.text}"
        for (r, c), cell in grid.cells.items()
        if c < 9
    }


def cells_of(content: bytes | str) -> dict[str, str]:
    (grid,) = read_grids(content if isinstance(content, bytes) else content.encode())
    return cells_in(grid)


def parts_of(content: bytes) -> Parts:
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        return {name: package.read(name) for name in package.namelist()}


def _in(*names: str) -> Callable[[str, str], Callable[[Parts], Parts]]:
    """A change of text in some parts, in all where none is named."""

    def changing(old: str, new: str) -> Callable[[Parts], Parts]:
        return lambda parts: {
            n: p.replace(old.encode(), new.encode()) if n in names or not names else p
            for n, p in parts.items()
        }

    return changing


def _prefixed(prefix: str) -> Callable[[Parts], Parts]:
    def change(parts: Parts) -> Parts:
        named = prefix.encode()
        for name in (SHEET, BOOK, "xl/sharedStrings.xml"):
            part = parts[name].replace(b"</", b"\0").replace(b"<", b"<" + named + b":")
            part = part.replace(b"\0", b"</" + named + b":").replace(
                b" xmlns=", b" xmlns:" + named + b"=", 1
            )
            parts[name] = b"<!-- " + b"x" * 3000 + b" -->" + part
        return parts

    return change  # fmt: skip


def _behind(more: bytes) -> Callable[[Parts], Parts]:
    return lambda parts: {n: p + more for n, p in parts.items()}


PACKAGES: Mapping[str, Callable[[Parts], Parts]] = {
    "a comment behind each part": _behind(b"\n<!-- made by hand -->"),
    "noughts behind each part": _behind(b"\0\0"),
    "a prefix with a hyphen": _prefixed("ns-1"),
    "a Chinese prefix": _prefixed("表"),
    "names percent-encoded": lambda parts: _in(LINKS)("sheet1", "sheet%201")(
        {n.replace("sheet1", "sheet 1"): p for n, p in parts.items()}),
    "names from the root, without a slash": _in(LINKS)('"worksheets/', '"xl/worksheets/'),
    "names that begin with a point": lambda parts: {f"./{n}": p for n, p in parts.items()},
    "a place within a part": _in(LINKS)("sheet1.xml", "sheet1.xml#a"),
    "a relation in small letters": _in(LINKS)("/sharedStrings\"", "/sharedstrings\""),
    "more strings announced than memory holds": _in("xl/sharedStrings.xml")("<sst ", '<sst uniqueCount="4294967295" '),
    "rows of an extension": _in(SHEET)("</sheetData>", '</sheetData><extLst><x:row xmlns:x="y" r="7"><x:c r="A7"><x:v>5</x:v></x:c></x:row></extLst>'),
    "comments within a cell": _in(SHEET)("<v>1</v>", "<v><!-- 0 -->1</v>"),
    "alternatives of a cell": _in(SHEET)(
        '<c r="B1" t="e">', '<mc:AlternateContent xmlns:mc="m"><mc:Choice Requires="x"><c r="B1"><v>9</v></c></mc:Choice>'
        '<mc:Fallback><c r="B1" t="e"><v>#REF!</v></c></mc:Fallback></mc:AlternateContent><c r="H9" t="e">'),
}  # fmt: skip


@pytest.mark.parametrize("far", [False, True])
@pytest.mark.parametrize("kind", PACKAGES)
def test_a_workbook_of_another_program_holds_what_it_held(kind: str, far: bool) -> None:
    sound = parts_of(xlsx(ROW + FAR * far, shared=SHARED))
    (grid,) = read_grids(zipped(PACKAGES[kind](sound)))
    assert {k: v for k, v in cells_in(grid).items() if k != "H9"} == READ


@pytest.mark.parametrize(
    ("cell", "expected"),
    [
        ('<c r="A1" t="inlineStr"><is><t>王_x5F20_</t></is></c>', "s:王张"),
        ('<c r="A1" t="str"><v>甲_x000A_乙</v></c>', "s:甲\n乙"),
        ('<c r="A1" t="d"><v>2018-11-01T00:00:00Z</v></c>', "d:2018-11-01"),
        ('<c r="A1" s="1"><v>-43405</v></c>', "n:-43405"),
        ('<c r="A1" s="1"><f>B1</f><v>-1.5</v></c>', "n:-1.5"),
        ('<c r="A1"><v>4<!-- x -->2</v></c>', "n:42"),
        ('<c r="A1" t="inlineStr"><is><t>王&#xD800;&#57343;<!-- -->五</t></is></c>', "s:王五"),
    ],
)
@pytest.mark.parametrize("far", [False, True])
def test_both_readers_read_rare_cells_alike(cell: str, expected: str, far: bool) -> None:
    content = xlsx(f'<row r="1">{cell}</row>' + FAR * far, styles=STYLES.format("yyyy-mm-dd"))
    (grid,) = read_grids(content)
    assert cells_in(grid) == {"A1": expected}


@pytest.mark.parametrize(
    ("code", "serial", "expected"),
    [("[=0]&quot;&quot;;yyyy-m-d", 43405, "d:2018-11-01"), ("[&lt;1]h:mm;yyyy-m-d", 43405, "d:2018-11-01")],
)  # fmt: skip
def test_the_section_of_a_format_that_applies_says_what_is_shown(
    code: str, serial: int, expected: str
) -> None:
    rows = f'<row r="1"><c r="A1" s="1"><v>{serial}</v></c></row>'
    assert cells_of(xlsx(rows, styles=STYLES.format(code))) == {"A1": expected}


@pytest.mark.parametrize("far", [False, True])
def test_times_and_first_days_since_1904(far: bool) -> None:
    rows = '<row r="1"><c r="A1" s="1"><v>0</v></c><c r="B1" s="2"><v>0.5</v></c></row>' + FAR * far
    styles = '<cellXfs><xf/><xf numFmtId="14"/><xf numFmtId="20"/></cellXfs>'
    (grid,) = read_grids(xlsx(rows, styles=styles, workbook='<workbookPr date1904="1"/>'))
    assert cells_in(grid) == {"A1": "d:1904-01-01", "B1": "s:12:00:00"}


def test_cells_beyond_the_last_row_and_column_are_none() -> None:
    far = '<row r="16777217"><c r="A16777217"><v>1</v></c></row>'
    assert cells_of(xlsx(f'<row r="1">{text("A1", "甲")}{text("XFE1", "外")}</row>{far}')) == {"A1": "s:甲"}  # fmt: skip


@pytest.mark.parametrize("lost", ["xl/sharedStrings.xml", SHEET])
def test_lost_texts_and_sheets_are_said_not_passed_over(lost: str) -> None:
    parts = parts_of(xlsx(ROW, shared=SHARED))
    del parts[lost]
    with pytest.raises(Unreadable, match=r"丢失|没有工作表"):
        read_grids(zipped(parts))


def test_one_lost_sheet_of_two_is_named() -> None:
    parts = parts_of(xlsx(ROW, shared=SHARED))
    parts[BOOK] = parts[BOOK].replace(
        b"</sheets>", '<sheet name="二" r:id="r9"/></sheets>'.encode()
    )
    parts[LINKS] = parts[LINKS].replace(
        b"</Relationships>", b'<Relationship Id="r9" Type="x/worksheet" Target="gone.xml"/></Relationships>'
    )  # fmt: skip
    first, second = read_grids(zipped(parts))
    assert cells_in(first) == READ
    assert (second.name, second.lost, dict(second.cells)) == ("二", True, {})


SPACE = 'xmlns="urn:schemas-microsoft-com:office:spreadsheet" xmlns:ss="urn:schemas-microsoft-com:office:spreadsheet"'
DRESSED = (
    '<Style ss:ID="d"><NumberFormat ss:Format="Short Date"/></Style><Style ss:ID="kid" ss:Parent="d"/>'
    '<Style ss:ID="o"><NumberFormat ss:Format="[=1]&quot;男&quot;;[=2]&quot;女&quot;"/></Style>'
    '<Style ss:ID="k"><Font ss:StrikeThrough="1"/></Style>'
)


def spreadsheet(cells: str, before: str = "", declared: str = '<?xml version="1.0"?>') -> str:
    return f'{declared}<Workbook {SPACE}><Styles>{DRESSED}</Styles><Worksheet ss:Name="表"><Table{before}><Row>{cells}</Row></Table></Worksheet></Workbook>'


def data(value: str, kind: str, style: str = "") -> str:
    return f'<Cell{style}><Data ss:Type="{kind}">{value}</Data></Cell>'


XML_CELLS = {
    "a serial number under a date's format": (data("43405", "Number", ' ss:StyleID="d"'), "d:2018-11-01"),
    "a style that takes after another": (data("43405", "Number", ' ss:StyleID="kid"'), "d:2018-11-01"),
    "a number shown as a word": (data("2", "Number", ' ss:StyleID="o"'), "s:女"),
    "a time of day": (data("1899-12-31T12:30:00.000", "DateTime"), "s:12:30:00"),
    "a day with slashes": (data("2018/11/1", "DateTime"), "s:2018/11/1"),
    "yes in a word": (data("true", "Boolean"), "b:是"),
    "a formula never calculated": ('<Cell ss:Formula="=1"><Data ss:Type="Number"></Data></Cell>', "e:#公式没有结果"),
    "attributes without a prefix": ('<Cell><Data Type="Number">5</Data></Cell>', "n:5"),
    "a comment within": (data("王<!-- x -->五", "String"), "s:王五"),
}  # fmt: skip


@pytest.mark.parametrize("kind", XML_CELLS)
def test_cells_of_spreadsheetml_by_their_styles(kind: str) -> None:
    cell, expected = XML_CELLS[kind]
    assert cells_of(spreadsheet(cell)) == {"A1": expected}


@pytest.mark.parametrize(("declared", "encoding"), [
    ('<?xml version="1.0" encoding="UTF-8"?>', "gb18030"), ("", "gb18030"),
    ('<?xml version="1.0" encoding="gb2312"?>', "utf-8"), (f"<!--{'x' * 3000}-->", "utf-8"),
])  # fmt: skip
def test_a_page_of_xml_is_what_its_bytes_are(declared: str, encoding: str) -> None:
    page = spreadsheet(data("王小明", "String"), declared=declared)
    assert cells_of(page.encode(encoding) + b"\0") == {"A1": "s:王小明"}


def test_a_table_may_begin_within_the_sheet_and_strike_out() -> None:
    (grid,) = read_grids(spreadsheet(data("甲", "String", ' ss:StyleID="k"'), ' ss:TopCell="3" ss:LeftCell="2"').encode())  # fmt: skip
    assert cells_in(grid) == {"B3": "s:甲"}
    assert grid.struck == {(3, 2)}


def valued(kind: str, value: str, shown: str, attribute: str = "value") -> str:
    return f'<table:table-cell office:value-type="{kind}" office:{attribute}="{value}"><text:p>{shown}</text:p></table:table-cell>'


DRAWN = '<draw:frame xmlns:draw="urn:oasis:names:tc:opendocument:xmlns:drawing:1.0">{}</draw:frame>'
ODS_CELLS = {
    "a number shown as a word": (valued("float", "2", "女"), "s:女"),
    "noughts in front": (valued("float", "7", "00007"), "s:00007"),
    "a number shown as a day": (valued("float", "20181101", "2018-11-01"), "s:2018-11-01"),
    "thousands": (valued("float", "1234", "1,234"), "n:1234"),
    "a unit behind": (valued("float", "3", "3人"), "n:3"),
    "nought not shown": (valued("float", "0", ""), None),
    "a time": (valued("time", "PT12H30M00S", "12:30", "time-value"), "s:12:30:00"),
    "a time written as a moment": (valued("date", "1899-12-30T12:30:00", "12:30", "date-value"), "s:12:30:00"),
    "hours beyond a day": (valued("time", "PT36H00M00S", "36:00:00", "time-value"), "s:36:00:00"),
    "no error": (valued("string", "", "Err:报错"), "s:Err:报错"),
    "a comment within": (valued("string", "", "王<!-- x -->五"), "s:王五"),
    "a text box over it": (valued("string", "", "甲" + DRAWN.format("<text:p>框</text:p>")), "s:甲"),
}  # fmt: skip


@pytest.mark.parametrize("kind", ODS_CELLS)
def test_cells_of_an_open_document_as_they_are_seen(kind: str) -> None:
    cell, expected = ODS_CELLS[kind]
    table = f'<table:table table:name="表"><table:table-row>{cell}</table:table-row></table:table>'
    assert cells_of(ods(table)).get("A1") == expected


def test_the_data_of_a_chart_are_no_rows_of_the_sheet() -> None:
    row = f"<table:table-row>{valued('string', '', '{}')}</table:table-row>"
    chart = DRAWN.format(
        f"<draw:object><table:table>{row.format('图')}</table:table></draw:object>"
    )
    table = f"<table:table><table:shapes>{chart}</table:shapes>{row.format('甲')}</table:table>"
    assert cells_of(ods(table)) == {"A1": "s:甲"}


def test_letters_struck_out_in_an_open_document() -> None:
    style = '<style:style style:name="k" style:family="text"><style:text-properties style:text-line-through-style="solid"/></style:style>'
    cell = valued("string", "", '甲<text:span text:style-name="k">乙</text:span>')
    (grid,) = read_grids(
        ods(f"<table:table><table:table-row>{cell}</table:table-row></table:table>", style)
    )
    assert grid.struck == {(1, 1)}  # fmt: skip


RUN, W = "<w:r><w:t>{}</w:t></w:r>", "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
IN_BOX = (
    "<w:r><w:pict><w:txbxContent><w:p><w:r><w:t>框</w:t></w:r></w:p></w:txbxContent></w:pict></w:r>"
)
WORD_CELLS = {
    "letters hidden": RUN.format("甲") + "<w:r><w:rPr><w:vanish/></w:rPr><w:t>藏</w:t></w:r>",
    "a text box over it": RUN.format("甲") + IN_BOX,
    "a phonetic guide": f"<w:r><w:ruby><w:rt>{RUN.format('jia')}</w:rt><w:rubyBase>{RUN.format('甲')}</w:rubyBase></w:ruby></w:r>",
    "letters taken out": RUN.format("甲") + f"<w:moveFrom>{RUN.format('乙')}</w:moveFrom>",
    "a comment within": "<w:r><w:t><!-- x -->甲</w:t></w:r>",
}  # fmt: skip


def document(
    cell: str, space: str = W, part: str = "word/document.xml", around: str = "{}"
) -> bytes:
    table = f"<w:tbl><w:tr><w:tc><w:p>{cell}</w:p></w:tc><w:tc><w:p>{RUN.format('1')}</w:p></w:tc></w:tr></w:tbl>"
    links = f'<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="r" Type="x/officeDocument" Target="{part}"/></Relationships>'
    return zipped({"_rels/.rels": links, part: f'<w:document xmlns:w="{space}"><w:body>{around.format(table)}</w:body></w:document>'})  # fmt: skip


@pytest.mark.parametrize("kind", WORD_CELLS)
def test_cells_of_a_word_table_as_they_are_seen(kind: str) -> None:
    assert cells_of(document(WORD_CELLS[kind])) == {"A1": "s:甲", "B1": "s:1"}


@pytest.mark.parametrize("content", [
    document(RUN.format("甲"), "http://purl.oclc.org/ooxml/wordprocessingml/main"),
    document(RUN.format("甲"), part="word/document2.xml"),
    document(RUN.format("甲"), around="<w:customXml>{}</w:customXml>"),
    document(RUN.format("甲"), around="<w:tbl><w:tr><w:tc>{}<w:p/></w:tc></w:tr></w:tbl>"),
])  # fmt: skip
def test_word_tables_in_every_dialect_and_place(content: bytes) -> None:
    assert cells_of(content) == {"A1": "s:甲", "B1": "s:1"}


def record(kind: int, body: bytes) -> bytes:
    return struct.pack("<HH", kind, len(body)) + body


def old_workbook(codepage: int, label: bytes) -> bytes:
    """A bare BIFF5 stream: a label, and a formula whose result is the same text."""
    page = record(0x42, struct.pack("<H", codepage))
    begin, end = record(0x809, struct.pack("<HHHH", 0x500, 5, 0, 0)) + page, record(0x0A, b"")
    at = len(begin) + 4 + 8 + len(end)
    sheet = record(0x85, struct.pack("<IHB", at, 0, 1) + b"a")
    text = struct.pack("<H", len(label)) + label
    cells = record(0x204, struct.pack("<HHH", 0, 0, 0) + text)
    cells += record(
        0x06, struct.pack("<HHH6xHHIH", 0, 1, 0, 0xFFFF, 0, 0, 3) + b"\x1e\1\0"
    ) + record(0x207, text)
    return begin + sheet + end + record(0x809, struct.pack("<HHHH", 0x500, 0x10, 0, 0)) + cells + end  # fmt: skip


@pytest.mark.parametrize(
    ("codepage", "raw", "expected"),
    [
        (936, "李四".encode("gbk"), "李四"), (20936, "李四".encode("gbk"), "李四"), (0, "李四".encode("gbk"), "李四"),
        (1252, "李四".encode("gbk"), "李四"), (1252, "Prénom".encode("latin-1"), "Prénom"),
        (950, "陳小華".encode("big5"), "陳小華"), (949, "김철수".encode("cp949"), "김철수"),
        (936, "李四".encode("gbk")[:3], "李\ufffd"),
    ],
)  # fmt: skip
def test_texts_of_workbooks_of_the_nineties_in_every_code_page(
    codepage: int, raw: bytes, expected: str
) -> None:
    assert cells_of(old_workbook(codepage, raw)) == {"A1": f"s:{expected}", "B1": f"s:{expected}"}


NAMES = {"A1": "s:姓名", "B1": "s:数", "A2": "s:甲", "B2": "s:1"}
TABLE = "<table><tr><td>姓名</td><td>数</td></tr><tr><td>甲{}</td><td>1</td></tr></table>"
TEXTS = {
    "a mark of UTF-8 before GBK": b"\xef\xbb\xbf" + "姓名,数\n甲,1\n".encode("gbk"),
    "two marks": b"\xef\xbb\xbf\xef\xbb\xbf" + "姓名,数\n甲,1\n".encode(),
    "an old end of file and a line's": "姓名,数\n甲,1\n".encode("gbk") + b"\x1a\r\n",
    "commas of an input method": "姓名，数\n甲，1\n".encode(),
    "what parts the cells, in quotes": '"sep=;"\n姓名;数\n甲;1\n'.encode(),
    "words before a page's table": ("\r\n \ufeff<html>" + TABLE.format("")).encode(),
    "hidden words for sorting": TABLE.format('<span style="display:none">01</span>').encode(),
    "a web archive with a mark": b"\xef\xbb\xbfMIME-Version: 1.0\r\nContent-Type: text/html\r\n\r\n" + TABLE.format("").encode(),
    "a small table in a cell": TABLE.format("").replace("<td>1</td>", "<td><table><tr><td>1</td></tr></table></td>").encode(),
}  # fmt: skip


@pytest.mark.parametrize("kind", TEXTS)
def test_texts_and_pages_of_many_programs(kind: str) -> None:
    assert cells_of(TEXTS[kind]) == NAMES


def test_a_few_control_characters_make_no_binary_file() -> None:
    assert len(cells_of("姓名,数\n甲\0,1\n乙\0,2\n丙\x07,3\n")) == 8
    with pytest.raises(Unreadable):
        read_grids(bytes(range(256)) * 4)


@pytest.mark.parametrize(
    "page", [b"<table>" + b"<tr>" * 3_000_000, spreadsheet("<Cell/>" * 5_100_000).encode()]
)
def test_more_tags_than_fit_into_memory_are_refused_before_a_tree_is_made(page: bytes) -> None:
    with pytest.raises(Unreadable, match="标记超过"):
        read_grids(page)


@pytest.mark.parametrize("line", ["PK姓名,数\n甲,1\n", "<姓名>,数\n甲,1\n", "姓名,数\n甲\0,1\n"])
def test_a_text_may_begin_as_other_files_do(line: str) -> None:
    assert len(cells_of(line)) == 4


def test_sentences_with_commas_are_no_table() -> None:
    (grid,) = read_grids("我县高度重视，认真部署。\n现将情况报告，请审阅。\n".encode())
    assert "一段文字" in grid.prose
    assert grid.last_column == 1


def test_a_page_without_a_table_is_named() -> None:
    with pytest.raises(Unreadable, match="没有表格"):
        read_grids("<html><body><pre>姓名,数</pre></body></html>".encode())
