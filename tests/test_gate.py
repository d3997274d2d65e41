"""The leak gate: whatever a person is hidden in, it is found and never repeated; what is clean passes."""

from __future__ import annotations

import base64
import io
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import docx
import openpyxl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from openpyxl.comments import Comment
from openpyxl.workbook.defined_name import DefinedName
from openpyxl.worksheet.datavalidation import DataValidation

from pipeline.gate import Known, Leak, in_words, known_of, search
from pipeline.mail import write_draft
from pipeline.programme import Programme
from pipeline.send.sealing import sealed

NUMBER, NAME, PHONE = "220122197803050244", "王某凤", "13844445555"
KNOWN = Known(frozenset({NAME, "高云"}), frozenset({NUMBER}), frozenset({PHONE}))
VALUES = {"id": NUMBER, "name": NAME, "phone": PHONE}
KEY = b"a key of enough length"
Hide = Callable[[str], bytes]


def first(workbook: openpyxl.Workbook) -> Any:
    return workbook.active


def book(change: Callable[[openpyxl.Workbook], object]) -> bytes:
    workbook = openpyxl.Workbook()
    first(workbook)["A1"] = "全省完成情况"
    first(workbook)["B2"] = 0.9583333333333334
    change(workbook)
    out = io.BytesIO()
    workbook.save(out)
    return out.getvalue()


def with_part(whole: bytes, name: str, content: bytes) -> bytes:
    """A package with one part more, or one replaced."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(whole)) as source, zipfile.ZipFile(out, "w") as target:
        for part in source.namelist():
            if part != name:
                target.writestr(part, source.read(part))
        target.writestr(name, content)
    return out.getvalue()


def in_cell(value: object) -> bytes:
    return book(lambda b: first(b).__setitem__("C3", value))


def in_hidden_sheet(text: str) -> bytes:
    def change(workbook: openpyxl.Workbook) -> None:
        sheet = workbook.create_sheet("草稿")
        sheet["A1"], sheet.sheet_state = text, "veryHidden"

    return book(change)


def in_drop_down(text: str) -> bytes:
    rule = DataValidation(type="list", formula1='"是,否"', promptTitle="说明", prompt=text)
    rule.add("B2")
    return book(lambda b: first(b).add_data_validation(rule))


def word(paragraph: str = "情况报告", body: str = "") -> bytes:
    document = docx.Document()
    document.add_paragraph(paragraph)
    out = io.BytesIO()
    document.save(out)
    if not body:
        return out.getvalue()
    with zipfile.ZipFile(out) as source:
        part = source.read("word/document.xml").decode()
    return with_part(
        out.getvalue(),
        "word/document.xml",
        part.replace("<w:sectPr", f"{body}<w:sectPr", 1).encode(),
    )


def run_of(text: str) -> str:
    return f"<w:r><w:rPr><w:b/></w:rPr><w:t>{text}</w:t></w:r>"


def in_word_header(text: str) -> bytes:
    document = docx.Document()
    document.sections[0].header.paragraphs[0].text = text
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def pdf(text: str) -> bytes:
    """One page that draws an ASCII text, uncompressed numbers aside."""
    import zlib

    drawn = zlib.compress(f"BT /F1 12 Tf 72 720 Td ({text}) Tj ET".encode())
    bodies = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R"
        b" /Resources << /Font << /F1 5 0 R >> >> >>",
        b"<< /Filter /FlateDecode /Length %d >>\nstream\n%s\nendstream" % (len(drawn), drawn),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
    ]
    out, places = bytearray(b"%PDF-1.4\n"), []
    for number, body in enumerate(bodies, 1):
        places.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    table = len(out)
    out += b"xref\n0 %d\n0000000000 65535 f \n" % (len(bodies) + 1)
    out += b"".join(b"%010d 00000 n \n" % place for place in places)
    out += b"trailer << /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF" % (len(bodies) + 1, table)
    return bytes(out)


def eml(text: str) -> bytes:
    out = io.BytesIO()
    write_draft(out, "报送", f"见附件。{text}", [])
    return out.getvalue()


# how anything is hidden, whatever it is
ANYWHERE: dict[str, tuple[str, Hide]] = {
    "a cell": ("a.xlsx", in_cell),
    "a cell in a sentence": ("a.xlsx", lambda t: in_cell(f"参加人：{t}。")),
    "a comment": ("a.xlsx", lambda t: book(lambda b: setattr(first(b)["A1"], "comment", Comment(t, "x")))),
    "a hidden sheet": ("a.xlsx", in_hidden_sheet),
    "the header of a page": ("a.xlsx", lambda t: book(lambda b: setattr(first(b).oddHeader.center, "text", t))),
    "the footer of a page": ("a.xlsx", lambda t: book(lambda b: setattr(first(b).oddFooter.left, "text", t))),
    "a defined name": ("a.xlsx", lambda t: book(lambda b: b.defined_names.add(DefinedName("x", attr_text=f'"{t}"')))),
    "the name of a tab": ("a.xlsx", lambda t: book(lambda b: setattr(first(b), "title", t))),
    "the properties": ("a.xlsx", lambda t: book(lambda b: setattr(b.properties, "description", t))),
    "the prompt of a drop-down": ("a.xlsx", in_drop_down),
    "the cache of a chart": ("a.xlsx", lambda t: with_part(in_cell(1), "xl/charts/chart1.xml", f"<c:chart><c:pt idx='0'><c:v>{t}</c:v></c:pt></c:chart>".encode())),
    "the cache of a pivot table": ("a.xlsx", lambda t: with_part(in_cell(1), "xl/pivotCache/pivotCacheDefinition1.xml", f'<sharedItems><s v="{t}"/></sharedItems>'.encode())),
    "a part in UTF-16": ("a.xlsx", lambda t: with_part(in_cell(1), "customXml/item1.xml", f"<a>{t}</a>".encode("utf-16"))),
    "a workbook inside a workbook": ("a.xlsx", lambda t: with_part(in_cell(1), "xl/embeddings/b.xlsx", in_cell(t))),
    "a part no one knows": ("a.xlsx", lambda t: with_part(in_cell(1), "xl/printerSettings1.bin", b"\1\0" + t.encode("utf-16-le"))),
    "two runs of a cell": ("a.xlsx", lambda t: with_part(in_cell(1), "xl/sharedStrings.xml", f"<sst><si><r><t>{t[:2]}</t></r><r><t>{t[2:]}</t></r></si></sst>".encode())),
    "a paragraph": ("a.docx", word),
    "two runs of a paragraph": ("a.docx", lambda t: word(body=f"<w:p>{run_of(t[:1])}{run_of(t[1:])}</w:p>")),
    "a text box": ("a.docx", lambda t: word(body=f"<w:p><w:r><w:pict><v:textbox xmlns:v='v'><w:txbxContent><w:p>{run_of(t)}</w:p></w:txbxContent></v:textbox></w:pict></w:r></w:p>")),
    "a tracked deletion": ("a.docx", lambda t: word(body=f'<w:p><w:del w:id="1"><w:r><w:delText>{t}</w:delText></w:r></w:del></w:p>')),
    "the header of a letter": ("a.docx", in_word_header),
    "text in UTF-16": ("a.txt", lambda t: t.encode("utf-16")),
    "text in GBK": ("a.txt", lambda t: f"名单 {t}".encode("gb18030")),
    "a CSV": ("a.csv", lambda t: f"\ufeff县,人\n农安,{t}\n".encode()),
    "a page": ("a.html", lambda t: f"<p>参加：<b>{t[:2]}</b>{t[2:]}</p>".encode()),
    "a remark in a page": ("a.html", lambda t: f"<p>一</p><!-- {t} -->".encode()),
    "an attribute of a page": ("a.html", lambda t: f'<p title="{t}">一</p>'.encode()),
    "references to characters": ("a.html", lambda t: f"<p>{''.join(f'&#{ord(c)};' for c in t)}</p>".encode()),
    "base64": ("a.txt", lambda t: base64.b64encode(f"她是{t}".encode())),
    "a mail": ("a.eml", eml),
    "the name of a file": ("a.zip", lambda t: with_part(in_cell(1), f"{t}.csv", b"x")),
    "an archive with our key": ("a.zip", lambda t: sealed([("a.xlsx", in_cell(t))], KEY)),
    "invisible characters between": ("a.txt", lambda t: "\u200b".join(t).encode()),
    "spaces between": ("a.txt", lambda t: " ".join(t).encode() if not t.isdigit() else f"{t[:6]} {t[6:]}".encode()),
}  # fmt: skip


@pytest.mark.parametrize("kind", VALUES)
@pytest.mark.parametrize("where", ANYWHERE)
def test_whatever_it_is_hidden_in_it_is_found_and_not_repeated(where: str, kind: str) -> None:
    name, hide = ANYWHERE[where]
    leaks = search(name, hide(VALUES[kind]), KNOWN, keys=[KEY])
    assert kind in {leak.kind for leak in leaks}
    assert not any(value in in_words(leaks) for value in VALUES.values())


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
        "a.html": lambda t: f"<td>{t.replace('&', '&amp;')}</td>".encode(), "a.eml": eml,
    }  # fmt: skip
    leaks = search(name, made[name](NUMBERS[how]), Known())
    assert [leak.kind for leak in leaks if leak.kind == "id"]


def test_a_number_typed_as_a_number_is_found() -> None:
    assert search("a.xlsx", in_cell(int(NUMBER)), Known())
    assert search("a.xlsx", in_cell(float(NUMBER)), Known())
    assert search("a.xlsx", in_cell(int(PHONE)), KNOWN)


def test_a_number_drawn_in_a_pdf_is_found() -> None:
    assert [leak.kind for leak in search("a.pdf", pdf(f"ID {NUMBER}"), KNOWN)] == ["id"]
    assert [leak.kind for leak in search("a.pdf", pdf(f"call {PHONE}"), KNOWN)] == ["phone"]
    assert search("a.pdf", pdf("454 of 500"), KNOWN) == []


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
@pytest.mark.parametrize("where", ["a cell", "a paragraph", "a CSV", "a page", "a mail"])
def test_what_tells_nobody_passes(where: str, text: str) -> None:
    name, hide = ANYWHERE[where]
    content = f"<p>{text}</p>".encode() if where == "a page" else hide(text)
    assert search(name, content, KNOWN) == []


def test_what_its_reader_may_have_is_no_leak() -> None:
    found = search("a.xlsx", in_cell(f"{NAME} {NUMBER} {PHONE}"), KNOWN, may_hold=["id", "name"])
    assert found == [Leak("a.xlsx", "工作表“Sheet”", "phone")]


def test_a_place_is_said_as_a_clerk_knows_it() -> None:
    said = in_words(search("a.xlsx", in_hidden_sheet(NUMBER), KNOWN))
    assert said == "a.xlsx：工作表“草稿”（隐藏）有身份证号或残疾人证号"


def test_what_cannot_be_looked_into_does_not_pass() -> None:
    locked = sealed([("a.xlsx", in_cell(1))], KEY)
    assert [leak.kind for leak in search("a.zip", locked, KNOWN)] == ["shut"]
    assert [leak.kind for leak in search("a.zip", locked, KNOWN, keys=[b"another"])] == ["shut"]
    assert search("a.zip", locked, KNOWN, keys=[KEY]) == []
    assert [leak.kind for leak in search("a.zip", b"PK\x03\x04 broken", KNOWN)] == ["shut"]


def test_a_name_that_is_a_word_of_the_programme_is_not_looked_for(
    programme: Programme, tmp_path: Path
) -> None:
    file = tmp_path / "rows.parquet"
    table = {"name": ["农安", "王某凤"], "number": [NUMBER, ""], "phone": [PHONE, None]}
    pq.write_table(pa.table(table), file)
    known = known_of([file], programme)
    assert known.names == {"王某凤"}
    assert known.numbers == {NUMBER}
    assert known.phones == {PHONE}
