"""The leak gate: whatever a person is hidden in, it is found and never repeated; what is clean passes."""

from __future__ import annotations

import base64
import io
import random
import zipfile
from pathlib import Path

import openpyxl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hiding_places import (
    CSV,
    DOCX,
    EML,
    HTML,
    KEY,
    PDF,
    PLACES,
    XLSX,
    ZIP,
    Hide,
    book,
    first,
    in_cell,
    locked_workbook,
    word,
    zipped,
)

from pipeline.gate import Known, Leak, in_words, known_of, search
from pipeline.programme import Programme
from pipeline.send.sealing import sealed

NUMBER, NAME, PHONE = "220122197803050244", "王某凤", "13844445555"
KNOWN = Known(frozenset({NAME, "高云"}), frozenset({NUMBER}), frozenset({PHONE}))
VALUES = {"id": NUMBER, "name": NAME, "phone": PHONE}

HIDDEN = [(form, where) for form, places in PLACES.items() for where in places]


@pytest.mark.parametrize(("form", "where"), HIDDEN, ids=lambda word: word)
def test_whatever_it_is_hidden_in_it_is_found_and_not_repeated(form: str, where: str) -> None:
    assert len(PLACES[form]) >= 16
    for kind, value in VALUES.items():
        leaks = search(f"a.{form}", PLACES[form][where](value), KNOWN, keys=[KEY])
        assert kind in {leak.kind for leak in leaks}
        assert "shut" not in {leak.kind for leak in leaks}
        assert not any(result in in_words(leaks) for result in VALUES.values())


@pytest.mark.parametrize(("form", "where"), HIDDEN, ids=lambda word: word)
def test_what_tells_nobody_passes_in_every_place(form: str, where: str) -> None:
    assert search(f"a.{form}", PLACES[form][where]("培训完成454人"), KNOWN, keys=[KEY]) == []


NUMBERS = {
    "full-width": "２２０１２２１９７８０３０５０２４４",
    "with dashes": "220122-19780305-0244",
    "with dots and spaces": "220122. 1978. 0305. 0244",
    "glued to another number": "1220122197803050244",
    "a certificate": "22012219780305024443",
    "a certificate issued again": "22012219780305024443B1",
    "a wrong check digit": "220122197803050245",
    "of fifteen digits": "220122780305024",
    "with a small x": "22062119651012228x",
    "in a formula": '="220122"&"197803050244"',
    "as base64": base64.b64encode(NUMBER.encode()).decode(),
    "UTF-16 as base64": base64.b64encode(NUMBER.encode("utf-16-le")).decode(),
}


@pytest.mark.parametrize("how", NUMBERS)
@pytest.mark.parametrize("name", ["a.xlsx", "a.docx", "a.csv", "a.html", "a.eml"])
def test_a_number_is_found_however_it_is_written(name: str, how: str) -> None:
    made: dict[str, Hide] = {
        "a.xlsx": in_cell, "a.docx": word, "a.csv": lambda t: f'a,"{t.replace(chr(34), chr(34) * 2)}"\n'.encode(),
        "a.html": lambda t: f"<td>{t.replace('&', '&amp;')}</td>".encode(), "a.eml": EML["the body"],
    }  # fmt: skip
    leaks = search(name, made[name](NUMBERS[how]), Known())
    assert [leak.kind for leak in leaks if leak.kind == "id"]


def test_a_number_typed_as_a_number_is_found() -> None:
    assert search("a.xlsx", in_cell(int(NUMBER)), Known())
    assert search("a.xlsx", in_cell(float(NUMBER)), Known())
    assert search("a.xlsx", in_cell(int(PHONE)), KNOWN)


@pytest.mark.parametrize(
    "text",
    [
        "2018年11月完成 454 人，任务 500 人，完成率 90.8%",
        "220***********0244", "138****5555", "张*", "王*",
        "高云镇红旗村",  # a name of two characters inside a longer word is no name
        "9780306406157", "4006001234", "2018-11-30 2018-12-01 2018-12-02 2018-12-03",
        "0.20122197803050244", "a1b2c3220122197803050244f"[:12],
    ],
)  # fmt: skip
@pytest.mark.parametrize(
    ("name", "hide"),
    [("a.xlsx", in_cell), ("a.docx", word), ("a.csv", CSV["a cell"]), ("a.html", HTML["a cell"]),
     ("a.pdf", PDF["a page"]), ("a.eml", EML["the body"])],
)  # fmt: skip
def test_what_tells_nobody_passes(name: str, hide: Hide, text: str) -> None:
    assert search(name, hide(text), KNOWN) == []


def test_figures_in_a_row_are_nobodys_number() -> None:
    """Rates with all their digits beside counts: digits by the thousand, and no number among them."""
    drawn = random.Random(16)
    for _ in range(40):
        rows = [
            [cell for _ in range(6) for cell in (drawn.randrange(500), drawn.random(), drawn.randrange(90_000))]
            for _ in range(70)
        ]  # fmt: skip
        text = "\n".join(",".join(map(str, row)) for row in rows)
        assert search("a.csv", text.encode(), KNOWN) == []
    digests = "\n".join(drawn.randbytes(32).hex() for _ in range(3000))
    assert search("a.txt", digests.encode(), KNOWN) == []


def test_figures_of_charts_anchors_and_counts_are_nobodys_number() -> None:
    points = "".join(f"<c:pt><c:v>{digit}</c:v></c:pt>" for digit in NUMBER[:-1])
    parts = {
        "[Content_Types].xml": "<Types/>",
        "xl/charts/chart1.xml": f"<c:chartSpace><c:f>'图表数据'!$B$63:$B$74</c:f>{points}</c:chartSpace>",
        "xl/charts/chart2.xml": "<c:chartSpace><c:f>'图'!$B$74</c:f><c:pt><c:v>02</c:v></c:pt><c:pt><c:v>13521112121</c:v></c:pt></c:chartSpace>",
        "xl/drawings/drawing1.xml": "<from><xdr:col>7</xdr:col><xdr:colOff>40213</xdr:colOff><xdr:row>52</xdr:row><xdr:rowOff>1112121</xdr:rowOff></from>",
        "docProps/app.xml": "<Properties><Pages>7</Pages><Words>4021</Words><Characters>35211</Characters><Lines>12121</Lines></Properties>",
    }  # fmt: skip
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as package:
        for name, text in parts.items():
            package.writestr(name, text)
    assert search("a.xlsx", content.getvalue(), Known()) == []
    with zipfile.ZipFile(content, "a") as package:
        package.writestr("xl/charts/chart3.xml", f"<c:pt><c:v>{NUMBER}</c:v></c:pt>")
    assert [leak.place for leak in search("a.xlsx", content.getvalue(), Known())]


def test_what_its_reader_may_have_is_no_leak() -> None:
    found = search("a.xlsx", in_cell(f"{NAME} {NUMBER} {PHONE}"), KNOWN, may_hold=["id", "name"])
    assert found == [Leak("a.xlsx", "工作表“Sheet”!C3", "phone")]


EXACT = {
    "xlsx": (XLSX, {
        "a cell": "工作表“Sheet”!C3", "a formula": "工作表“Sheet”!C3", "a comment": "工作表“Sheet”!A1 的批注",
        "a hidden sheet": "工作表“草稿”（隐藏）!A1", "the header of a page": "工作表“Sheet”的页眉",
        "the footer of a page": "工作表“Sheet”的页脚", "a defined name": "定义的名称“x”",
        "the name of a tab": "第 1 张工作表的名称", "the properties": "文件属性“备注”",
        "the author": "文件属性“作者”", "the prompt of a drop-down": "工作表“Sheet”!B2 的下拉提示",
        "the cache of a chart": "图表缓存", "the cache of a pivot table": "透视表缓存",
        "a string no cell uses": "没有格子在用的文字", "a workbook inside a workbook": "嵌入的文件：工作表“Sheet”!C3",
        "an object of old": "嵌入的文件：工作表“Sheet”!C3", "a password of ours": "工作表“Sheet”!C3",
    }),
    "docx": (DOCX, {
        "a paragraph": "正文第 1 段", "a cell of a table": "正文第 1 个表格第 2 行", "a text box": "正文的文本框",
        "a tracked deletion": "正文第 2 段（修订痕迹）", "the header": "页眉第 1 段", "a footnote": "脚注第 1 段",
        "a comment": "批注第 1 段", "the properties": "文件属性“关键词”", "the cache of a chart": "图表缓存",
    }),
    "csv": (CSV, {"a cell": "B2 格", "a head": "B1 格", "tabs": "A2 格"}),
    "html": (HTML, {"a paragraph": "页面第 1 行"}),
    "pdf": (PDF, {"a page": "第 1 页", "the title": "文件属性", "a remark": "批注、表单或书签"}),
    "eml": (EML, {"the body": "邮件正文第 1 行", "the subject": "邮件头 Subject", "a workbook": "附件“a.xlsx”内的工作表“Sheet”!C3"}),
    "zip": (ZIP, {"our key": "“a.xlsx”内的工作表“Sheet”!C3", "a text": "“a.txt”内的第 1 行"}),
}  # fmt: skip


@pytest.mark.parametrize("form", EXACT)
def test_a_place_is_said_as_a_clerk_finds_it(form: str) -> None:
    places, exact = EXACT[form]
    found = {
        where: [
            leak.place for leak in search(f"a.{form}", places[where](NUMBER), KNOWN, keys=[KEY])
        ]
        for where in exact
    }
    assert {where: place for where, place in exact.items() if place not in found[where]} == {}


def test_of_many_cells_the_first_are_named_and_the_sheet_once() -> None:
    def fill(workbook: openpyxl.Workbook) -> None:
        for row in range(3, 20):
            first(workbook)[f"D{row}"] = f"{NUMBER}（{row}）"

    message = in_words(search("a.xlsx", book(fill), KNOWN))
    assert (
        message == "a.xlsx：工作表“Sheet”!D3、D4、D5、工作表“Sheet”的其他地方有身份证号或残疾人证号"
    )


def test_a_number_cut_over_the_cells_of_a_row_is_found_in_its_row() -> None:
    def fill(workbook: openpyxl.Workbook) -> None:
        for column, digit in enumerate(NUMBER, 2):
            first(workbook).cell(7, column, int(digit))

    (leak,) = search("a.xlsx", book(fill), KNOWN)
    assert leak.place == "工作表“Sheet”第 7 行（分写在几格里）"


def test_where_a_place_is_named_after_a_person_it_is_not_repeated() -> None:
    def fill(workbook: openpyxl.Workbook) -> None:
        first(workbook).title = NAME
        first(workbook)["A1"] = NUMBER

    message = in_words(search(f"{NAME}.xlsx", book(fill), KNOWN))
    assert NAME not in message
    assert "名称含个人信息的部分有身份证号" in message


def test_what_cannot_be_looked_into_does_not_pass() -> None:
    locked = sealed([("a.xlsx", in_cell(1))], KEY)
    for content in (
        b"7z\xbc\xaf\x27\x1c..",
        b"Rar!\x1a\x07",
        b"\x1f\x8b broken",
        zipped("a.rar", b"Rar!\x1a"),
    ):
        assert [leak.kind for leak in search("a.bin", content, KNOWN)] == ["shut"]
    assert [leak.kind for leak in search("a.xlsx", locked_workbook("x"), KNOWN)] == ["shut"]
    assert [leak.kind for leak in search("a.pdf", b"%PDF-1.4 broken", KNOWN)] == ["shut"]
    torn = bytearray(zipped("a.txt", b"x" * 5000))
    torn[40:44] = b"\xff\xff\xff\xff"
    assert [leak.kind for leak in search("a.zip", bytes(torn), KNOWN)] == ["shut"]
    assert [leak.kind for leak in search("a.zip", locked, KNOWN)] == ["shut"]
    assert [leak.kind for leak in search("a.zip", locked, KNOWN, keys=[b"another"])] == ["shut"]
    assert search("a.zip", locked, KNOWN, keys=[KEY]) == []
    assert [leak.kind for leak in search("a.zip", b"PK\x03\x04 broken", KNOWN)] == ["shut"]


def test_a_name_that_is_a_word_of_the_programme_is_not_looked_for(
    programme: Programme, tmp_path: Path
) -> None:
    file = tmp_path / "rows.parquet"
    names = ["农安", "王某凤", "贫困残疾妇女"]  # the last in a name's place: every paper says it
    table = {"name": names, "number": [NUMBER, "", ""], "phone": [PHONE, None, None]}
    pq.write_table(pa.table(table), file)
    known = known_of([file], programme)
    assert known.names == {"王某凤"}
    assert known.numbers == {NUMBER}
    assert known.phones == {PHONE}
