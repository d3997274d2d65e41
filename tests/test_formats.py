"""Every format told by its bytes, and what only a format knows: errors, hidden parts, days, damage."""

from __future__ import annotations

import io
from pathlib import Path

import msoffcrypto
import pytest
from drawing import workbook
from raw_packages import biff, edited, ods, text, xlsb, xlsx, zipped

from pipeline.limits import Limits
from pipeline.model import Cell, Grid
from pipeline.office.read import Unreadable, read_grids
from pipeline.sample.pages import Page
from pipeline.sample.workbooks import write

HEAD = f'<row r="1">{text("A1", "姓名")}{text("B1", "身份证号")}</row>'
NAME, NUMBER = Cell("姓名", "s"), Cell("身份证号", "s")


def only(content: bytes) -> Grid:
    (grid,) = read_grids(content)
    return grid


def hidden(grid: Grid) -> tuple[list[int], list[int]]:
    return sorted(grid.hidden_rows), sorted(grid.hidden_columns)


def reason(content: bytes) -> str:
    with pytest.raises(Unreadable) as refusal:
        read_grids(content)
    assert refusal.value.code == "F01"
    return refusal.value.reason


@pytest.mark.parametrize("strict", [False, True])
def test_error_cells_and_formulas_never_calculated_are_no_blanks(strict: bool) -> None:
    row = (
        '<row r="2"><c r="A2" t="e"><v>#N/A</v></c><c r="B2"><f>A1</f></c>'
        '<c r="C2"><f>A1</f><v/></c><c r="D2" t="str"><f>""</f><v></v></c><c r="E2"><f>1</f><v>1</v></c></row>'
    )
    cells = only(xlsx(HEAD + row, strict=strict)).cells
    assert cells == {
        (1, 1): NAME, (1, 2): NUMBER, (2, 1): Cell("#N/A", "e"), (2, 2): Cell("#公式没有结果", "e"),
        (2, 3): Cell("#公式没有结果", "e"), (2, 5): Cell("1", "n"),
    }  # fmt: skip


@pytest.mark.parametrize("strict", [False, True])
def test_hidden_rows_and_columns_and_those_without_height_or_width(strict: bool) -> None:
    rows = HEAD + f'<row r="2" hidden="1">{text("A2", "甲")}</row>'
    rows += f'<row r="3" ht="0" customHeight="1">{text("C3", "乙")}</row><row r="9" hidden="true"/>'
    cols = '<cols><col min="2" max="2" hidden="1"/><col min="3" max="16384" width="0"/></cols>'
    grid = only(xlsx(rows, before=cols, strict=strict))
    assert hidden(grid) == ([2, 3], [2, 3])


@pytest.mark.parametrize(("from_1904", "serial"), [("", 43357), ('<workbookPr date1904="1"/>', 41895)])  # fmt: skip
@pytest.mark.parametrize("number_format", [14, 31, 57])
@pytest.mark.parametrize("stray", [False, True])
def test_days_in_the_formats_of_chinese_excel_and_from_1904(
    from_1904: str, serial: int, number_format: int, stray: bool
) -> None:
    styles = f'<cellXfs><xf/><xf numFmtId="{number_format}"/></cellXfs>'
    rows = f'<row r="1"><c r="A1" s="1"><v>{serial}</v></c><c r="B1"><v>{serial}</v></c></row>'
    if stray:  # read by the second reader
        rows += f'<row r="1048576">{text("XFD1048576", "远")}</row>'
    cells = only(xlsx(rows, styles=styles, workbook=from_1904)).cells
    assert cells[1, 1] == Cell("2018-09-14", "d")
    assert cells[1, 2] == Cell(str(serial), "n")


def test_the_second_reader_reads_what_the_first_does() -> None:
    shared = '<si><r><t>王</t></r><r><t>秀英</t></r><rPh sb="0" eb="1"><t>wang</t></rPh></si>'
    rows = (
        f'{HEAD}<row><c t="s"><v>0</v></c><c t="b"><v>1</v></c><c><v>220102197801050026</v></c></row>'
        '<row r="4" hidden="1"><c r="B4" t="str"><f>"a"</f><v>甲</v></c>'
        '<c t="d"><v>2018-09-01T00:00:00</v></c><c t="e"><v>#REF!</v></c></row>'
    )
    merged = '<mergeCells><mergeCell ref="A2:A3"/></mergeCells>'
    near = only(xlsx(rows, shared=shared, after=merged))
    rows += f'<row r="1048576">{text("XFD1048576", "远")}</row>'
    far = only(xlsx(rows, shared=shared, after=merged))
    assert far.cells == {**near.cells, (1_048_576, 16_384): Cell("远", "s")}
    assert far.cells[2, 1] == Cell("王秀英", "s")
    assert far.cells[2, 3] == Cell("220102197801050026", "n"), "every digit the file holds"
    assert far.merges == near.merges == ((2, 1, 3, 1),)
    assert hidden(far) == hidden(near) == ([4], [])


def test_a_dimension_that_lies_hides_nothing() -> None:
    rows = HEAD + f'<row r="5">{text("C5", "在此")}</row>'
    assert only(xlsx(rows, before='<dimension ref="A1"/>')).cells[5, 3] == Cell("在此", "s")


@pytest.mark.parametrize("version", [2, 3, 4, 5])
def test_chinese_in_workbooks_of_the_nineties(version: int) -> None:
    grid = only(biff(version, {(1, 1): "姓名", (3, 2): "王秀英"}))
    assert grid.cells == {(1, 1): NAME, (3, 2): Cell("王秀英", "s")}


def test_a_binary_workbook_tells_errors_and_what_is_hidden() -> None:
    cells = {(1, 1): "姓名", (2, 1): "#N/A", (3, 2): 5}
    grid = only(xlsb(cells, hidden_rows=[3], hidden_column=2))
    assert grid.cells == {(1, 1): NAME, (2, 1): Cell("#N/A", "e"), (3, 2): Cell("5", "n")}
    assert hidden(grid) == ([3], [2])


ODS_ROW = "<table:table-row{}>{}</table:table-row>"
ODS_TEXT = '<table:table-cell{} office:value-type="string"><text:p>{}</text:p></table:table-cell>'


def test_ods_rows_repeat_and_notes_are_not_read_as_cells() -> None:
    noted = ODS_TEXT.format("", "姓名").replace(
        "<text:p>", "<office:annotation><text:p>批注</text:p></office:annotation><text:p>", 1
    )
    blank = '<table:table-cell table:number-columns-repeated="2"/>'
    twice = ODS_TEXT.format(' table:number-columns-repeated="2"', "甲")
    rows = ODS_ROW.format("", noted) + ODS_ROW.format(' table:number-rows-repeated="3"', "")
    rows += ODS_ROW.format(
        ' table:number-rows-repeated="2" table:visibility="filter"', blank + twice
    )
    rows += ODS_ROW.format(' table:number-rows-repeated="1048000"', blank)
    grid = only(ods(f'<table:table table:name="表">{rows}</table:table>'))
    assert grid.cells == {(1, 1): NAME} | {(r, c): Cell("甲", "s") for r in (5, 6) for c in (3, 4)}
    assert grid.hidden_rows == {5, 6}


def test_ods_errors_unanswered_formulas_and_hidden_sheets() -> None:
    row = '<table:table-cell table:formula="of:=1"/>' + ODS_TEXT.format(
        ' table:formula="x"', "#REF!"
    )
    row += '<table:table-cell office:value-type="float" office:value="没有"><text:p>7</text:p></table:table-cell>'
    hide = '<style:style style:name="h" style:family="table"><style:table-properties table:display="false"/></style:style>'
    table = (
        f'<table:table table:name="表" table:style-name="h">{ODS_ROW.format("", row)}</table:table>'
    )
    grid = only(ods(table, hide))
    assert grid.cells == {
        (1, 1): Cell("#公式没有结果", "e"), (1, 2): Cell("#REF!", "e"), (1, 3): Cell("7", "s"),
    }  # fmt: skip
    assert grid.hidden


XML2003 = """<?xml version="1.0" encoding="{}"?><?mso-application progid="Excel.Sheet"?>
<Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet"
 xmlns:ss="urn:schemas-microsoft-com:office:spreadsheet"><Worksheet ss:Name="表"><Table>
<Column/><Column ss:Index="3" ss:Hidden="1" ss:Span="1"/><Row ss:Span="1"/>
<Row ss:Hidden="1"><Cell ss:Index="2" ss:MergeDown="1"><Data ss:Type="String">姓名</Data>
<Comment><Data>批注</Data></Comment></Cell><Cell><Data ss:Type="Error">#N/A</Data></Cell>
<Cell ss:Formula="=A1"/><Cell><Data ss:Type="DateTime">2018-09-14T00:00:00.000</Data></Cell>
<Cell><Data ss:Type="Number">3</Data></Cell></Row></Table>
<WorksheetOptions xmlns="urn:schemas-microsoft-com:office:excel"><Visible>SheetHidden</Visible>
</WorksheetOptions></Worksheet></Workbook>"""


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "gb2312"])
def test_excel_2003_xml_in_any_encoding(encoding: str) -> None:
    grid = only(XML2003.format(encoding.upper()).encode(encoding))
    assert grid.cells == {
        (3, 2): NAME, (3, 3): Cell("#N/A", "e"), (3, 4): Cell("#公式没有结果", "e"),
        (3, 5): Cell("2018-09-14", "d"), (3, 6): Cell("3", "n"),
    }  # fmt: skip
    assert (grid.hidden, *hidden(grid)) == (True, [3], [3, 4])
    assert grid.merges == ((3, 2, 4, 2),)


def test_nothing_outside_a_file_is_followed(tmp_path: Path) -> None:
    secret = tmp_path / "外面.txt"
    secret.write_text("外面的内容", encoding="utf-8")
    entity = f'<!DOCTYPE Workbook [<!ENTITY a SYSTEM "{secret.as_uri()}">]>'
    page = XML2003.format("UTF-8").replace("<Workbook", f"{entity}<Workbook", 1)
    shared = edited(
        xlsx('<row r="1"><c r="A1" t="s"><v>0</v></c></row>', shared="<si><t>姓名</t></si>"),
        "xl/sharedStrings.xml",
        lambda x: entity.replace("Workbook", "sst").encode() + x.replace("姓名".encode(), b"&a;"),
    )
    for content in (page.replace("姓名", "&a;").encode(), shared):
        with pytest.raises(Unreadable, match="实体"):  # not read with a hole where a name stood
            read_grids(content)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "gb18030"])
def test_a_web_page_is_one_sheet_with_the_text_around_its_tables(encoding: str) -> None:
    page = (
        "<!-- 导出 --><div><h3>农安县培训花名册</h3><table><tr><td rowspan=2>姓<br>名</td><td>甲</td></tr>"
        "<tr style='display:none'><td>乙</td></tr></table>填表人：丁<table><tr><th>丙</th></tr></table></div>"
    )
    grid = only(page.encode(encoding))
    assert {p: c.text for p, c in grid.cells.items()} == {
        (1, 1): "农安县培训花名册", (2, 1): "姓 名", (2, 2): "甲", (3, 2): "乙",
        (4, 1): "填表人：丁", (5, 1): "丙",
    }  # fmt: skip
    assert grid.merges == ((2, 1, 3, 1),)
    assert hidden(grid) == ([3], [])


TABLE = "序号,姓名,家庭住址\n" + "1,王秀英,农安县农安镇宝塔街十二委三组向东一百米路北红砖房\n" * 3
WIDE = ("utf-16", "utf-16-le", "utf-16-be", "utf-32", "utf-32-le")


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", *WIDE])
@pytest.mark.parametrize("delimiter", ",\t;")
def test_text_tables_in_every_encoding_and_with_every_delimiter(
    encoding: str, delimiter: str
) -> None:
    grid = only(TABLE.replace(",", delimiter).encode(encoding))
    assert [grid.cells[1, c].text for c in (1, 2, 3)] == ["序号", "姓名", "家庭住址"]
    assert (grid.last_row, grid.last_column) == (4, 3)


@pytest.mark.parametrize("encoding", ["utf-8", "gb18030"])
def test_a_text_cut_within_a_character_is_read_and_the_damage_shows(encoding: str) -> None:
    content = TABLE.strip().encode(encoding)[:-1]
    grid = only(content)
    assert grid.cells[4, 2] == Cell("王秀英", "s")
    assert grid.cells[4, 3].text.endswith("\ufffd")


def test_what_excel_does_to_a_text_table_on_opening_it() -> None:
    grid = only('sep=;\r\n姓名;号\r\n"王\n秀英";="220102"\r\n\r\n李;3\r\n'.encode("gbk"))
    assert {p: c.text for p, c in grid.cells.items()} == {
        (1, 1): "姓名", (1, 2): "号", (2, 1): "王\n秀英", (2, 2): "220102", (4, 1): "李", (4, 2): "3",
    }  # fmt: skip


def test_a_text_may_begin_like_a_program_or_a_picture() -> None:
    assert only("MZ,XM\n汉,王\n".encode("gbk")).cells[1, 1].text == "MZ"
    assert only(b"BM,XM\n1,2\n").cells[1, 2].text == "XM"


def compound(stream: str) -> bytes:
    """A workbook's compound file with its stream called something else."""
    book = write([Page("表", cells={(1, 1): "甲"})], "xls")
    name = "Workbook".encode("utf-16-le")
    assert book.count(name) == 1
    at = book.index(name)
    renamed = stream.encode("utf-16-le").ljust(64, b"\0") + bytes([2 * len(stream) + 2, 0])
    return book[:at] + renamed + book[at + 66 :]


STRANGERS = {
    "PDF": b"%PDF-1.7 ...",
    "图片": b"\x89PNG\r\n\x1a\n",
    "图片（": b"\0\0\0\x18ftypheic\0\0\0\0",
    "扫描件": b"BM6\0\0\0\0\0",
    "RAR": b"Rar!\x1a\x07\0",
    "7z": b"7z\xbc\xaf\x27\x1c",
    "tar": b"a" * 257 + b"ustar\0" + b"\0" * 250,
    "录像": b"\0\0\0\x18ftypmp42",
    "程序": b"MZ\x90\0\x03\0\0\0",
    "SYLK": b"ID;PWXL;N;E\n",
    "数据库": b"\x03\x76\x07\x0a\x02\0\0\0" + bytes(40),
    "Lotus": b"\0\0\x02\0\x06\x04",
    "Numbers": zipped({"Index/Document.iwa": b"1"}),
    "OFD": zipped({"OFD.xml": "<a/>"}),
    "演示文稿": zipped({"[Content_Types].xml": "<a/>", "ppt/presentation.xml": "<a/>"}),
    "Word 文档（.doc": compound("WordDocument"),
    "Outlook": compound("__properties_version1.0"),
    "空的": b"\0\0\0",
}


@pytest.mark.parametrize("what", STRANGERS)
def test_what_is_no_table_is_named_for_what_it_is(what: str) -> None:
    assert what in reason(STRANGERS[what])


def locked(content: bytes, password: str) -> bytes:
    out = io.BytesIO()
    msoffcrypto.OfficeFile(io.BytesIO(content)).encrypt(password, out)
    return out.getvalue()


def test_excels_own_password_and_a_kept_one_open_a_workbook_and_no_message_says_it() -> None:
    book = workbook("姓名 | 身份证号")
    assert only(locked(book, "VelvetSweatshop")).cells == {(1, 1): NAME, (1, 2): NUMBER}
    mine = locked(book, "春天-2018")
    assert read_grids(mine, ["不对", "春天-2018"])[0].cells[1, 1] == NAME
    with pytest.raises(Unreadable) as refusal:
        read_grids(mine, ["不对"])
    assert (refusal.value.code, "不对" in str(refusal.value)) == ("F02", False)


def test_a_protected_sheet_is_no_obstacle() -> None:
    protected = xlsx(HEAD, after='<sheetProtection sheet="1" password="CC1A" objects="1"/>')
    assert only(protected).cells == {(1, 1): NAME, (1, 2): NUMBER}


def test_the_suffix_decides_nothing() -> None:
    """No reader is ever given a name: the same bytes are the same sheet."""
    for suffix in ("xlsx", "xls", "ods"):
        assert only(write([Page("表", cells={(2, 3): "姓名"})], suffix)).cells == {(2, 3): NAME}


def test_ghost_rows_down_to_the_last_are_read_and_cost_little() -> None:
    ghosts = "".join(f'<row r="{r}" s="1" customFormat="1"/>' for r in range(2, 1_048_577, 4))
    assert only(xlsx(HEAD + ghosts)).cells == {(1, 1): NAME, (1, 2): NUMBER}


def test_limits_refuse_too_many_cells_and_sheets() -> None:
    book = workbook("甲 | 乙\n丙 | 丁\n== 二\n甲")
    for limits in (Limits(cells=3), Limits(sheets=1), Limits(unpacked_mb=0)):
        with pytest.raises(Unreadable) as refusal:
            read_grids(book, limits=limits)
        assert refusal.value.code == "F05"


def test_a_package_with_windows_separators_and_damaged_parts() -> None:
    import zipfile

    with zipfile.ZipFile(io.BytesIO(xlsx(HEAD))) as package:
        turned = zipped([(n.replace("/", "\\"), package.read(n)) for n in package.namelist()])
    assert only(turned).cells == {(1, 1): NAME, (1, 2): NUMBER}
    assert "损坏" in reason(edited(xlsx(HEAD), "xl/workbook.xml", lambda x: x[:40]))
