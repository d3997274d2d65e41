"""Files of every format written byte by byte, for what no writing library will write."""

from __future__ import annotations

import io
import random
import struct
import zipfile
from collections.abc import Callable, Iterable, Mapping, Sequence

_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_LINKS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_STRICT = "http://purl.oclc.org/ooxml/"
_RELS = "http://schemas.openxmlformats.org/package/2006/relationships"


def zipped(members: Mapping[str, bytes | str] | Iterable[tuple[str, bytes | str]]) -> bytes:
    """A zip of these members, in this order."""
    pairs = members.items() if isinstance(members, Mapping) else members
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in pairs:
            archive.writestr(name, content)
    return out.getvalue()


def edited(content: bytes, part: str, change: Callable[[bytes], bytes]) -> bytes:
    """A package with one of its parts rewritten."""
    with zipfile.ZipFile(io.BytesIO(content)) as source:
        names = source.namelist()
        assert part in names, f"no {part} in {names}"
        return zipped((n, change(source.read(n)) if n == part else source.read(n)) for n in names)


def xlsx(
    rows: str,
    *,
    before: str = "",
    after: str = "",
    styles: str = "",
    shared: str = "",
    workbook: str = "",
    strict: bool = False,
) -> bytes:
    """A workbook of one sheet, 表, its `<row>` elements as given.

    before, after: elements around sheetData; styles: what stands in styleSheet; shared: `<si>`
    elements; workbook: elements before `<sheets>`.
    """
    main = f"{_STRICT}spreadsheetml/main" if strict else _MAIN
    links = f"{_STRICT}officeDocument/relationships" if strict else _LINKS
    members = {
        "styles": (f'<styleSheet xmlns="{main}">{styles}</styleSheet>', styles),
        "sharedStrings": (f'<sst xmlns="{main}">{shared}</sst>', shared),
    }
    parts = {f"xl/{name}.xml": text for name, (text, wanted) in members.items() if wanted}
    kinds = "".join(
        f'<Override PartName="/xl/{n}.xml" ContentType="application/vnd.openxmlformats-'
        f'officedocument.spreadsheetml.{kind}+xml"/>'
        for n, kind in (
            ("workbook", "sheet.main"), ("worksheets/sheet1", "worksheet"),
            ("styles", "styles"), ("sharedStrings", "sharedStrings"),
        )
    )  # fmt: skip
    relations = "".join(
        f'<Relationship Id="r{n}" Type="{links}/{kind}" Target="{target}.xml"/>'
        for n, (kind, target) in enumerate(
            (("worksheet", "worksheets/sheet1"), *((k, k) for k, (_, w) in members.items() if w)), 1
        )
    )
    return zipped(
        {
            "[Content_Types].xml": '<Types xmlns="http://schemas.openxmlformats.org/package/2006/'
            'content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-'
            f'package.relationships+xml"/>{kinds}</Types>',
            "_rels/.rels": f'<Relationships xmlns="{_RELS}"><Relationship Id="r1" '
            f'Type="{links}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
            "xl/workbook.xml": f'<workbook xmlns="{main}" xmlns:r="{links}">{workbook}<sheets>'
            '<sheet name="表" sheetId="1" r:id="r1"/></sheets></workbook>',
            "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{_RELS}">{relations}'
            "</Relationships>",
            "xl/worksheets/sheet1.xml": f'<worksheet xmlns="{main}" xmlns:r="{links}">{before}'
            f"<sheetData>{rows}</sheetData>{after}</worksheet>",
            **parts,
        }
    )


def text(place: str, value: str) -> str:
    """An inline string cell of a worksheet part."""
    return f'<c r="{place}" t="inlineStr"><is><t>{value}</t></is></c>'


def _record(kind: int, body: bytes) -> bytes:
    return struct.pack("<HH", kind, len(body)) + body


def biff(version: int, cells: Mapping[tuple[int, int], str]) -> bytes:
    """A bare BIFF stream of version 2, 3, 4 or 5 with text in codepage 936, rows and columns from 1."""
    codepage = _record(0x42, struct.pack("<H", 936))
    end = _record(0x0A, b"")
    labels = b""
    for (row, column), value in sorted(cells.items()):
        raw = value.encode("gbk")
        place = struct.pack("<HH", row - 1, column - 1)
        if version == 2:
            labels += _record(0x04, place + b"\0\0\0" + bytes([len(raw)]) + raw)
        else:
            labels += _record(0x204, place + struct.pack("<HH", 0, len(raw)) + raw)
    if version < 5:
        opcode = {2: 0x09, 3: 0x209, 4: 0x409}[version]
        start = struct.pack("<HH", version, 0x10) + (b"" if version == 2 else b"\0\0")
        return _record(opcode, start) + codepage + labels + end
    globals_start = _record(0x809, struct.pack("<HHHH", 0x500, 0x05, 0, 0)) + codepage
    name = "花名册".encode("gbk")
    bound = len(globals_start) + 4 + 7 + len(name) + len(end)
    sheet = _record(0x85, struct.pack("<IHB", bound, 0, len(name)) + name)
    start = _record(0x809, struct.pack("<HHHH", 0x500, 0x10, 0, 0))
    return globals_start + sheet + end + start + labels + end


def _variable(number: int) -> bytes:
    out = b""
    while True:
        number, low = number >> 7, number & 0x7F
        out += bytes([low | (0x80 if number else 0)])
        if not number:
            return out


def _brt(kind: int, body: bytes = b"") -> bytes:
    """One record of a binary (xlsb) part."""
    number = bytes([kind]) if kind < 128 else bytes([kind & 0x7F | 0x80, kind >> 7])
    return number + _variable(len(body)) + body


def _wide(value: str) -> bytes:
    raw = value.encode("utf-16-le")
    return struct.pack("<I", len(raw) // 2) + raw


def xlsb(
    cells: Mapping[tuple[int, int], object], hidden_rows: Iterable[int] = (), hidden_column: int = 0
) -> bytes:
    """A binary workbook of one sheet, 表: texts, numbers, and `#N/A` as the error itself."""
    rows = b""
    for row in sorted({r for r, _ in cells}):
        hidden = 0x10 if row in set(hidden_rows) else 0
        rows += _brt(0, struct.pack("<IIHBBBI", row - 1, 0, 300, 0, hidden, 0, 0))
        for (r, column), value in sorted(cells.items()):
            head = struct.pack("<II", column - 1, 0)
            if r != row:
                continue
            if value == "#N/A":
                rows += _brt(3, head + b"\x2a")
            elif isinstance(value, str):
                rows += _brt(6, head + _wide(value))
            else:
                rows += _brt(5, head + struct.pack("<d", float(str(value))))
    column_info = b""
    if hidden_column:
        body = struct.pack("<IIIIH", hidden_column - 1, hidden_column - 1, 2000, 0, 1)
        column_info = _brt(390) + _brt(60, body) + _brt(391)
    extent = _brt(148, struct.pack("<IIII", 0, 9, 0, 9))
    sheet = _brt(129) + extent + column_info + _brt(145) + rows + _brt(146) + _brt(130)
    bundle = struct.pack("<II", 0, 1) + _wide("rId1") + _wide("表")
    book = _brt(131) + _brt(143) + _brt(156, bundle) + _brt(144) + _brt(132)
    types = "application/vnd.ms-excel."
    parts: dict[str, bytes | str] = {
        "[Content_Types].xml": '<Types xmlns="http://schemas.openxmlformats.org/package/2006/'
        'content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-'
        'package.relationships+xml"/><Override PartName="/xl/workbook.bin" ContentType="'
        f'{types}sheet.binary.macroEnabled.main"/><Override PartName="/xl/worksheets/sheet1.bin"'
        f' ContentType="{types}worksheet"/></Types>',
        "_rels/.rels": f'<Relationships xmlns="{_RELS}"><Relationship Id="r1" '
        f'Type="{_LINKS}/officeDocument" Target="xl/workbook.bin"/></Relationships>',
        "xl/workbook.bin": book,
        "xl/_rels/workbook.bin.rels": f'<Relationships xmlns="{_RELS}"><Relationship Id="rId1" '
        f'Type="{_LINKS}/worksheet" Target="worksheets/sheet1.bin"/></Relationships>',
        "xl/worksheets/sheet1.bin": sheet,
    }
    return zipped(parts)


_ODF = "".join(
    f' xmlns:{short}="urn:oasis:names:tc:opendocument:xmlns:{short}:1.0"'
    for short in ("office", "table", "text", "style")
)


def ods(tables: str, styles: str = "") -> bytes:
    """A spreadsheet document with these `<table:table>` elements."""
    return zipped(
        {
            "mimetype": "application/vnd.oasis.opendocument.spreadsheet",
            "content.xml": f"<office:document-content{_ODF}><office:automatic-styles>{styles}"
            f"</office:automatic-styles><office:body><office:spreadsheet>{tables}"
            "</office:spreadsheet></office:body></office:document-content>",
        }
    )


def word(lines: Sequence[Sequence[str]]) -> bytes:
    """A Word file with one table."""
    import docx

    document = docx.Document()
    table = document.add_table(0, len(lines[0]))
    for line in lines:
        for cell, text in zip(table.add_row().cells, line, strict=True):
            cell.text = text
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def damaged(content: bytes, round_: int) -> bytes:
    """Bytes flipped, cut, doubled or taken from elsewhere; the same for the same round."""
    dice = random.Random(round_)
    body = bytearray(content)
    for _ in range(dice.randint(1, 8)):
        at = dice.randrange(len(body))
        size = dice.randint(1, 64)
        match dice.randrange(4):
            case 0:
                body[at] ^= 1 << dice.randrange(8)
            case 1:
                del body[at : at + size]
            case 2:
                body[at:at] = body[at : at + size]
            case 3:
                source = dice.randrange(len(body))
                body[at : at + size] = body[source : source + size]
        if not body:
            break
    return bytes(body[: dice.randrange(len(body))] if dice.random() < 0.2 and body else body)
