"""Where a text may be hidden in a file of each format: at least sixteen places each, drawn by hand."""

from __future__ import annotations

import base64
import io
import json
import zipfile
import zlib
from collections.abc import Callable
from email.message import EmailMessage
from typing import Any

import docx
import msoffcrypto
import openpyxl
from openpyxl.comments import Comment
from openpyxl.workbook.defined_name import DefinedName
from openpyxl.worksheet.datavalidation import DataValidation

from pipeline.send.sealing import sealed

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


def with_part(whole: bytes, name: str, content: str | bytes) -> bytes:
    """A package with one part more, or one replaced."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(whole)) as source, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as target:  # fmt: skip
        for part in source.namelist():
            if part != name:
                target.writestr(part, source.read(part))
        target.writestr(name, content)
    return out.getvalue()


def replaced(whole: bytes, part: str, old: str, new: str) -> bytes:
    """A package with something in one part written otherwise."""
    with zipfile.ZipFile(io.BytesIO(whole)) as source:
        text = source.read(part).decode()
    assert old in text
    return with_part(whole, part, text.replace(old, new, 1))


def in_cell(value: object) -> bytes:
    return book(lambda b: first(b).__setitem__("C3", value))


def in_hidden_sheet(text: str) -> bytes:
    def change(workbook: openpyxl.Workbook) -> None:
        sheet = workbook.create_sheet("草稿")
        sheet["A1"], sheet.sheet_state = text, "veryHidden"

    return book(change)


def in_hidden_column(text: str) -> bytes:
    def change(workbook: openpyxl.Workbook) -> None:
        first(workbook)["F9"] = text
        first(workbook).column_dimensions["F"].hidden = True

    return book(change)


def in_drop_down(text: str) -> bytes:
    rule = DataValidation(type="list", formula1='"是,否"', promptTitle="说明", prompt=text)
    rule.add("B2")
    return book(lambda b: first(b).add_data_validation(rule))


def locked_workbook(text: str) -> bytes:
    opened = msoffcrypto.OfficeFile(io.BytesIO(in_cell(text)))
    out = io.BytesIO()
    opened.encrypt(KEY.decode(), out)
    return out.getvalue()


def in_old_object(text: str) -> bytes:
    """A workbook inside an OLE container inside a workbook: what Word and Excel embed as an object."""
    return with_part(in_cell(1), "xl/embeddings/oleObject1.bin", container(in_cell(text)))


def container(stream: bytes) -> bytes:
    """An OLE container with one stream, of 4096 bytes at least, so that it lies in plain sectors."""
    import struct

    stream = stream.ljust(4096, b"\0")
    sectors = -(-len(stream) // 512)
    fat = [0xFFFFFFFE] + [n + 2 for n in range(sectors - 1)] + [0xFFFFFFFE]
    fats = -(-(len(fat) + 8) // 128)
    directory, first_fat = len(fat), len(fat) + 1
    table = [*fat, 0xFFFFFFFE, *([0xFFFFFFFD] * fats)]
    table += [0xFFFFFFFF] * (fats * 128 - len(table))

    def entry(name: str, kind: int, child: int, start: int, size: int) -> bytes:
        encoded = (name.encode("utf-16-le") + b"\0\0")[:64]
        return encoded.ljust(64, b"\0") + struct.pack(
            "<HBBIII16sIQQIIHH" if False else "<HBBIII16sIQQIQ",
            len(encoded), kind, 1, 0xFFFFFFFF, 0xFFFFFFFF, child, b"", 0, 0, 0, start, size,
        )  # fmt: skip

    entries = entry("Root Entry", 5, 1, 0xFFFFFFFE, 0) + entry("Package", 2, 0xFFFFFFFF, 1, len(stream))  # fmt: skip
    entries += b"".join(entry("", 0, 0xFFFFFFFF, 0, 0) for _ in range(2))
    head = struct.pack(
        "<8s16sHHHHH6sIIIIIIIII", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", b"", 0x3E, 3, 0xFFFE, 9, 6,
        b"", 0, fats, directory, 0, 4096, 0xFFFFFFFE, 0, 0xFFFFFFFE, 0,
    )  # fmt: skip
    msat = struct.pack("<109I", *[first_fat + n for n in range(fats)], *[0xFFFFFFFF] * (109 - fats))
    blank = b"\0" * 512
    return (
        head + msat + blank + stream.ljust(sectors * 512, b"\0") + entries
        + struct.pack(f"<{len(table)}I", *table)
    )  # fmt: skip


XLSX: dict[str, Hide] = {
    "a cell": in_cell,
    "a cell in a sentence": lambda t: in_cell(f"参加人：{t}。"),
    "a comment": lambda t: book(lambda b: setattr(first(b)["A1"], "comment", Comment(t, "x"))),
    "a hidden sheet": in_hidden_sheet,
    "a hidden column": in_hidden_column,
    "the header of a page": lambda t: book(lambda b: setattr(first(b).oddHeader.center, "text", t)),
    "the footer of a page": lambda t: book(lambda b: setattr(first(b).oddFooter.left, "text", t)),
    "a defined name": lambda t: book(lambda b: b.defined_names.add(DefinedName("x", attr_text=f'"{t}"'))),
    "the name of a tab": lambda t: book(lambda b: setattr(first(b), "title", t)),
    "the properties": lambda t: book(lambda b: setattr(b.properties, "description", t)),
    "the author": lambda t: book(lambda b: setattr(b.properties, "creator", t)),
    "a property of its own": lambda t: with_part(in_cell(1), "docProps/custom.xml", f'<Properties><property name="x"><vt:lpwstr>{t}</vt:lpwstr></property></Properties>'),
    "the prompt of a drop-down": in_drop_down,
    "the cache of a chart": lambda t: with_part(in_cell(1), "xl/charts/chart1.xml", f"<c:chart><c:strCache><c:pt idx='0'><c:v>{t}</c:v></c:pt></c:strCache></c:chart>"),
    "the cache of a pivot table": lambda t: with_part(in_cell(1), "xl/pivotCache/pivotCacheDefinition1.xml", f'<sharedItems><s v="{t}"/></sharedItems>'),
    "the records of a pivot table": lambda t: with_part(in_cell(1), "xl/pivotCache/pivotCacheRecords1.xml", f'<r><s v="{t}"/></r>'),
    "a text box": lambda t: with_part(in_cell(1), "xl/drawings/drawing1.xml", f"<xdr:txBody><a:p><a:r><a:t>{t[:2]}</a:t></a:r><a:r><a:t>{t[2:]}</a:t></a:r></a:p></xdr:txBody>"),
    "a link": lambda t: book(lambda b: setattr(first(b)["A1"], "hyperlink", f"mailto:a@b.cn?subject={t}")),
    "a formula": lambda t: in_cell(f'=IF(1=1,"","{t}")'),
    "the format of a number": lambda t: book(lambda b: setattr(first(b)["B2"], "number_format", f'"{t}"')),
    "the cache of another workbook": lambda t: with_part(in_cell(1), "xl/externalLinks/externalLink1.xml", f"<sheetData><row r='1'><cell r='A1'><v>{t}</v></cell></row></sheetData>"),
    "a string no cell uses": lambda t: with_part(in_cell(1), "xl/sharedStrings.xml", f"<sst><si><t>一</t></si><si><t>{t}</t></si></sst>"),
    "two runs of a cell": lambda t: with_part(in_cell(1), "xl/sharedStrings.xml", f"<sst><si><r><t>{t[:2]}</t></r><r><t>{t[2:]}</t></r></si></sst>"),
    "escapes of characters": lambda t: with_part(in_cell(1), "xl/sharedStrings.xml", f"<sst><si><t>{''.join(f'_x{ord(c):04X}_' for c in t)}</t></si></sst>"),
    "a remark between": lambda t: replaced(in_cell("HERE"), "xl/worksheets/sheet1.xml", "HERE", f"{t[:1]}<!-- -->{t[1:]}"),
    "a part in UTF-16": lambda t: with_part(in_cell(1), "customXml/item1.xml", f"<a>{t}</a>".encode("utf-16")),
    "a part in GBK": lambda t: with_part(in_cell(1), "customXml/item1.xml", f'<?xml version="1.0" encoding="gb2312"?><a>{t}</a>'.encode("gb18030")),
    "a workbook inside a workbook": lambda t: with_part(in_cell(1), "xl/embeddings/b.xlsx", in_cell(t)),
    "an object of old": in_old_object,
    "a part no one knows": lambda t: with_part(in_cell(1), "xl/printerSettings1.bin", b"\1\0" + t.encode("utf-16-le")),
    "beside a picture": lambda t: with_part(in_cell(1), "xl/media/image1.jpeg", b"\xff\xd8\xff\xfe" + f"照片 {t}".encode() + b"\xff\xd9"),
    "behind the archive": lambda t: in_cell(1) + t.encode(),
    "a password of ours": locked_workbook,
}  # fmt: skip


def saved(document: Any) -> bytes:
    """A document without the parts that every one of them has and that say nothing."""
    whole, out = io.BytesIO(), io.BytesIO()
    document.save(whole)
    with zipfile.ZipFile(whole) as source, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as target:  # fmt: skip
        for part in source.namelist():
            if not any(word in part for word in ("styles", "theme", "thumbnail", "numbering")):
                target.writestr(part, source.read(part))
    return out.getvalue()


def word(paragraph: str = "情况报告", body: str = "") -> bytes:
    document = docx.Document()
    document.add_paragraph(paragraph)
    if not body:
        return saved(document)
    return replaced(saved(document), "word/document.xml", "<w:sectPr", f"{body}<w:sectPr")


def changed_word(change: Callable[[Any], object]) -> bytes:
    document = docx.Document()
    document.add_paragraph("情况报告")
    change(document)
    return saved(document)


def in_table(document: Any, text: str) -> None:
    document.add_table(2, 2).cell(1, 1).text = text


def run_of(text: str) -> str:
    return f"<w:r><w:rPr><w:b/></w:rPr><w:t>{text}</w:t></w:r>"


_W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
DOCX: dict[str, Hide] = {
    "a paragraph": word,
    "a paragraph in a sentence": lambda t: word(f"参加人{t}等三人"),
    "two runs of a paragraph": lambda t: word(body=f"<w:p>{run_of(t[:1])}{run_of(t[1:])}</w:p>"),
    "a cell of a table": lambda t: changed_word(lambda d: in_table(d, t)),
    "a text box": lambda t: word(body=f"<w:p><w:r><w:pict><v:textbox xmlns:v='v'><w:txbxContent><w:p>{run_of(t)}</w:p></w:txbxContent></v:textbox></w:pict></w:r></w:p>"),
    "a tracked deletion": lambda t: word(body=f'<w:p><w:del w:id="1"><w:r><w:delText>{t}</w:delText></w:r></w:del></w:p>'),
    "a tracked insertion": lambda t: word(body=f'<w:p><w:ins w:id="1">{run_of(t)}</w:ins></w:p>'),
    "who changed it": lambda t: word(body=f'<w:p><w:ins w:id="1" w:author="{t}">{run_of("一")}</w:ins></w:p>'),
    "hidden text": lambda t: word(body=f"<w:p><w:r><w:rPr><w:vanish/></w:rPr><w:t>{t}</w:t></w:r></w:p>"),
    "a field": lambda t: word(body=f"<w:p><w:r><w:instrText>QUOTE {t}</w:instrText></w:r></w:p>"),
    "the words for a picture": lambda t: word(body=f'<w:p><w:r><w:pict><v:shape xmlns:v="v" alt="{t}"/></w:pict></w:r></w:p>'),
    "the header": lambda t: changed_word(lambda d: setattr(d.sections[0].header.paragraphs[0], "text", t)),
    "the footer": lambda t: changed_word(lambda d: setattr(d.sections[0].footer.paragraphs[0], "text", t)),
    "a footnote": lambda t: with_part(word(), "word/footnotes.xml", f"<w:footnotes {_W}><w:footnote><w:p>{run_of(t)}</w:p></w:footnote></w:footnotes>"),
    "a comment": lambda t: with_part(word(), "word/comments.xml", f"<w:comments {_W}><w:comment><w:p>{run_of(t)}</w:p></w:comment></w:comments>"),
    "the properties": lambda t: changed_word(lambda d: setattr(d.core_properties, "keywords", t)),
    "who changed it last": lambda t: changed_word(lambda d: setattr(d.core_properties, "last_modified_by", t)),
    "the cache of a chart": lambda t: with_part(word(), "word/charts/chart1.xml", f"<c:chart><c:strCache><c:pt><c:v>{t}</c:v></c:pt></c:strCache></c:chart>"),
    "the workbook of a chart": lambda t: with_part(word(), "word/embeddings/b.xlsx", in_cell(t)),
    "data of its own": lambda t: with_part(word(), "customXml/item1.xml", f"<a b='{t}'/>"),
    "a page put in": lambda t: with_part(word(), "word/afchunk.mht", f"MIME-Version: 1.0\r\nContent-Type: text/html; charset=utf-8\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n<p>{''.join(f'={b:02X}' for b in t.encode())}</p>".encode()),
}  # fmt: skip

CSV: dict[str, Hide] = {
    "a cell": lambda t: f"\ufeff县,人\n农安,{t}\n".encode(),
    "a head": lambda t: f"县,{t}\n农安,1\n".encode(),
    "a cell in a sentence": lambda t: f"县,说明\n农安,参加人{t}等\n".encode(),
    "a cell in quotes": lambda t: f'县,人\n农安,"{t}, 等"\n'.encode(),
    "a line break in a cell": lambda t: f'县,人\n农安,"一\n{t}\n二"\n'.encode(),
    "behind an apostrophe": lambda t: f"县,人\n农安,'{t}\n".encode(),
    "a formula": lambda t: f'县,人\n农安,"=""{t}"""\n'.encode(),
    "tabs": lambda t: f"县\t人\n农安\t{t}\n".encode(),
    "semicolons": lambda t: f"县;人\n农安;{t};1\n".encode(),
    "UTF-16": lambda t: f"县,人\n农安,{t}\n".encode("utf-16"),
    "GBK": lambda t: f"县,人\n农安,{t}\n".encode("gb18030"),
    "full-width": lambda t: f"县,人\n农安,{''.join(chr(ord(c) + 0xFEE0) if c.isdigit() else c for c in t)}\n".encode(),
    "invisible characters": lambda t: ("县,人\n农安," + "\u200b".join(t) + "\n").encode(),
    "spaces": lambda t: ("县,人\n农安," + " ".join(t) + "\n").encode(),
    "base64": lambda t: b"a,b\n1," + base64.b64encode(f"她是{t}".encode()) + b"\n",
    "base64 of UTF-16": lambda t: b"a,b\n1," + base64.b64encode(t.encode("utf-16-le")) + b"\n",
    "percent signs": lambda t: ("a,b\n1," + "".join(f"%{b:02X}" for b in t.encode()) + "\n").encode(),
    "a line too many": lambda t: f"县,人\n农安,1\n\n\n{t}\n".encode(),
}  # fmt: skip

HTML: dict[str, Hide] = {
    "a paragraph": lambda t: f"<p>{t}</p>".encode(),
    "a sentence": lambda t: f"<p>参加人{t}等</p>".encode(),
    "two elements": lambda t: f"<p>参加：<b>{t[:2]}</b>{t[2:]}</p>".encode(),
    "a cell": lambda t: f"<table><tr><td>1</td><td>{t}</td></tr></table>".encode(),
    "the title": lambda t: f"<head><title>{t}</title></head>".encode(),
    "a remark": lambda t: f"<p>一</p><!-- <b>{t}</b> -->".encode(),
    "an attribute": lambda t: f'<p title="{t}">一</p>'.encode(),
    "an attribute without quotes": lambda t: f"<p data-x={t}>一</p>".encode(),
    "a script": lambda t: f"<script>var a = '{t}';</script>".encode(),
    "a script with escapes": lambda t: f"<script>var a = {json.dumps(''.join(t))};</script>".encode() if not t.isascii() else f"<script>var a = '{''.join(f'{chr(92)}u{ord(c):04x}' for c in t)}';</script>".encode(),
    "data of a script": lambda t: f'<script type="application/json">{{"a": ["{t}"]}}</script>'.encode(),
    "a style": lambda t: f'<style>p:after {{content: "{t}"}}</style>'.encode(),
    "what is not shown": lambda t: f'<div style="display:none">{t}</div>'.encode(),
    "references to characters": lambda t: f"<p>{''.join(f'&#{ord(c)};' for c in t)}</p>".encode(),
    "references to references": lambda t: f"<p>{''.join(f'&amp;#x{ord(c):x};' for c in t)}</p>".encode(),
    "a field": lambda t: f'<input value="{t}">'.encode(),
    "a drawing": lambda t: f"<svg><text>{t}</text></svg>".encode(),
    "a workbook in a link": lambda t: b'<a href="data:application/x;base64,' + base64.b64encode(in_cell(t)) + b'">x</a>',
    "UTF-16": lambda t: f"<p>{t}</p>".encode("utf-16"),
}  # fmt: skip


def pdf(page: str = "", *, more: bytes = b"", info: str = "", catalog: bytes = b"") -> bytes:
    """One page that draws a text, in a font that says which characters it means; more objects from 8 on."""
    drawn = zlib.compress(
        f"BT /F1 12 Tf 72 720 Td <{page.encode('utf-16-be').hex()}> Tj ET".encode()
    )
    means = (
        b"/CIDInit /ProcSet findresource begin 12 dict begin begincmap /CMapName /X def\n"
        b"1 begincodespacerange <0000> <FFFF> endcodespacerange\n"
        b"2 beginbfrange <0000> <00FF> <0000> <4E00> <9FFF> <4E00> endbfrange\nendcmap end end"
    )
    bodies = [
        b"<< /Type /Catalog /Pages 2 0 R " + catalog + b" >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R"
        b" /Resources << /Font << /F1 5 0 R >> >> >>",
        b"<< /Filter /FlateDecode /Length %d >>\nstream\n%s\nendstream" % (len(drawn), drawn),
        b"<< /Type /Font /Subtype /Type0 /BaseFont /X /Encoding /Identity-H /ToUnicode 6 0 R"
        b" /DescendantFonts [<< /Type /Font /Subtype /CIDFontType2 /BaseFont /X >>] >>",
        b"<< /Length %d >>\nstream\n%s\nendstream" % (len(means), means),
        b"<< /Title " + wide(info) + b" >>",
        *([more] if more else []),
    ]  # fmt: skip
    out, places = bytearray(b"%PDF-1.4\n"), []
    for number, body in enumerate(bodies, 1):
        places.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    table = len(out)
    out += b"xref\n0 %d\n0000000000 65535 f \n" % (len(bodies) + 1)
    out += b"".join(b"%010d 00000 n \n" % place for place in places)
    out += b"trailer << /Size %d /Root 1 0 R /Info 7 0 R >>\nstartxref\n%d\n%%%%EOF" % (len(bodies) + 1, table)  # fmt: skip
    return bytes(out)


def wide(text: str) -> bytes:
    return b"<" + (b"\xfe\xff" + text.encode("utf-16-be")).hex().encode() + b">"


def streamed(head: bytes, content: bytes) -> bytes:
    packed = zlib.compress(content)
    return b"<< %s /Filter /FlateDecode /Length %d >>\nstream\n%s\nendstream" % (head, len(packed), packed)  # fmt: skip


PDF: dict[str, Hide] = {
    "a page": pdf,
    "a sentence": lambda t: pdf(f"参加人{t}等"),
    "spaces": lambda t: pdf(" ".join(t)),
    "the title": lambda t: pdf(info=t),
    "a remark": lambda t: pdf(more=b"<< /Type /Annot /Subtype /Text /Contents " + wide(t) + b" >>"),
    "who remarked": lambda t: pdf(more=b"<< /Type /Annot /Subtype /Text /T " + wide(t) + b" >>"),
    "a field of a form": lambda t: pdf(more=b"<< /FT /Tx /T (a) /V " + wide(t) + b" >>"),
    "the choices of a form": lambda t: pdf(more=b"<< /FT /Ch /Opt [(a) " + wide(t) + b"] >>"),
    "a bookmark": lambda t: pdf(more=b"<< /Title " + wide(t) + b" /Parent 2 0 R >>"),
    "a link": lambda t: pdf(more=b"<< /S /URI /URI (http://a.cn/" + "".join(f"%{b:02X}" for b in t.encode()).encode() + b") >>"),
    "a script": lambda t: pdf(more=b"<< /S /JavaScript /JS " + wide(f"app.alert('{t}')") + b" >>"),
    "the words for a picture": lambda t: pdf(more=b"<< /S /Figure /Alt " + wide(t) + b" >>"),
    "a label of pages": lambda t: pdf(catalog=b"/PageLabels << /Nums [0 << /P " + wide(t) + b" >>] >>"),
    "metadata": lambda t: pdf(more=streamed(b"/Type /Metadata /Subtype /XML", f"<x:xmpmeta>{t}</x:xmpmeta>".encode())),
    "an attached file": lambda t: pdf(more=streamed(b"/Type /EmbeddedFile", in_cell(t))),
    "the name of an attached file": lambda t: pdf(more=b"<< /Type /Filespec /UF " + wide(f"{t}.xlsx") + b" >>"),
    "behind the end": lambda t: pdf() + f"\n% {t}\n".encode(),
}  # fmt: skip


def mail(change: Callable[[EmailMessage], object]) -> bytes:
    made = EmailMessage()
    made["Subject"] = "报送"
    made["From"] = "a@b.cn"
    made.set_content("见附件。")
    change(made)
    return made.as_bytes()


def headed(name: str, text: str) -> Callable[[EmailMessage], object]:
    def change(made: EmailMessage) -> None:
        del made[name]
        made[name] = text

    return change


def attached(name: str, content: bytes) -> Callable[[EmailMessage], object]:
    return lambda m: m.add_attachment(content, maintype="application", subtype="octet-stream", filename=name)  # fmt: skip


def in_mail_in_mail(text: str) -> bytes:
    inner = EmailMessage()
    inner["Subject"] = text
    inner.set_content("一")
    return mail(lambda m: m.add_attachment(inner))


EML: dict[str, Hide] = {
    "the body": lambda t: mail(lambda m: m.set_content(f"名单：{t}")),
    "the subject": lambda t: mail(headed("Subject", f"报送{t}等")),
    "whom it is to": lambda t: mail(headed("To", f'"{t}" <c@d.cn>')),
    "a head of its own": lambda t: mail(headed("X-Note", t)),
    "a body in quoted-printable": lambda t: mail(lambda m: m.set_content(t, cte="quoted-printable")),
    "a body in GBK": lambda t: mail(lambda m: m.set_content(t, charset="gb18030")),
    "a page": lambda t: mail(lambda m: m.add_alternative(f"<p>{t[:1]}<b>{t[1:]}</b></p>", subtype="html")),
    "a workbook": lambda t: mail(attached("a.xlsx", in_cell(t))),
    "a hidden sheet": lambda t: mail(attached("a.xlsx", in_hidden_sheet(t))),
    "a letter": lambda t: mail(attached("a.docx", word(t))),
    "a head as it is": lambda t: mail(lambda m: None).replace(b"Subject:", f"X-Note: {t}\nSubject:".encode()),
    "a table": lambda t: mail(attached("a.csv", CSV["a cell"](t))),
    "the name of an attachment": lambda t: mail(attached(f"{t}.txt", b"x")),
    "an archive with our key": lambda t: mail(attached("a.zip", sealed([("a.xlsx", in_cell(t))], KEY))),
    "an archive in an archive": lambda t: mail(attached("a.zip", zipped("b.zip", zipped("c.txt", t.encode())))),
    "a PDF": lambda t: mail(attached("a.pdf", pdf(t))),
    "a mail in a mail": in_mail_in_mail,
    "before the parts": lambda t: mail(attached("a.txt", b"x")).replace(b"\n\n--", f"\n\n{t}\n--".encode(), 1),
    "behind the parts": lambda t: mail(attached("a.txt", b"x")) + f"\n{t}\n".encode(),
}  # fmt: skip


def zipped(name: str, content: bytes, *, comment: bytes = b"", remark: bytes = b"") -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        entry = zipfile.ZipInfo(name)
        entry.compress_type, entry.comment = zipfile.ZIP_DEFLATED, remark
        archive.writestr(entry, content)
        archive.comment = comment
    return out.getvalue()


def in_gbk_name(text: str) -> bytes:
    """As WinRAR and older Windows write the names of members."""
    raw = text.encode("gb18030")
    plain = "n" * len(raw)
    return zipped(f"{plain}.txt", b"x").replace(plain.encode(), raw)


def compressed(code: int) -> Hide:
    def hide(text: str) -> bytes:
        out = io.BytesIO()
        with zipfile.ZipFile(out, "w", code) as archive:
            archive.writestr("a.txt", f"名单 {text}")
        return out.getvalue()

    return hide


ZIP: dict[str, Hide] = {
    "a text": lambda t: zipped("a.txt", t.encode()),
    "a workbook": lambda t: zipped("a.xlsx", in_cell(t)),
    "a letter": lambda t: zipped("a.docx", word(t)),
    "a mail": lambda t: zipped("a.eml", EML["the body"](t)),
    "an archive in an archive": lambda t: zipped("b.zip", zipped("a.txt", t.encode())),
    "three deep": lambda t: zipped("c.zip", zipped("b.zip", zipped("a.xlsx", in_cell(t)))),
    "the name of a member": lambda t: zipped(f"{t}.csv", b"x"),
    "the name of a folder": lambda t: zipped(f"{t}/a.csv", b"x"),
    "a name in GBK": in_gbk_name,
    "the remark of the archive": lambda t: zipped("a.txt", b"x", comment=t.encode()),
    "the remark of a member": lambda t: zipped("a.txt", b"x", remark=t.encode()),
    "before the archive": lambda t: t.encode() + zipped("a.txt", b"x"),
    "behind something else": lambda t: b"MZ" + zipped("a.txt", t.encode()),
    "our key": lambda t: sealed([("a.xlsx", in_cell(t))], KEY),
    "our key, twice": lambda t: sealed([("a.zip", sealed([("a.xlsx", in_cell(t))], KEY))], KEY),
    "a locked workbook": lambda t: zipped("a.xlsx", locked_workbook(t)),
    "bzip2": compressed(zipfile.ZIP_BZIP2),
    "LZMA": compressed(zipfile.ZIP_LZMA),
}  # fmt: skip

PLACES = {"xlsx": XLSX, "docx": DOCX, "csv": CSV, "html": HTML, "pdf": PDF, "eml": EML, "zip": ZIP}
