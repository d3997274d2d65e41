"""Odd and hostile returns of one county, each of a kind that once stopped or stalled a whole month.

They are named for what is odd about them; `mutated` makes more of them from sound returns of every
format. All people are made up.
"""

from __future__ import annotations

import base64
import bz2
import io
import random
import re
import struct
import zipfile
from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple
from xml.sax.saxutils import escape, quoteattr

from raw_packages import damaged, edited, ods, word, xlsb, xlsx, zipped

from pipeline.numbers import check_digit
from pipeline.sample.pages import Page
from pipeline.sample.workbooks import write
from pipeline.values import column_letters

Rows = list[list[str]]
Odd = tuple[str, bytes]  # a file's name and what it holds
HEADER = ["序号", "姓名", "性别", "身份证号", "残疾人证号", "是否建档立卡", "家庭住址", "联系电话", "培训项目", "开班时间", "结业时间", "培训天数", "备注"]  # fmt: skip

_STYLES = (
    '<fonts count="1"><font><sz val="11"/><name val="宋体"/></font></fonts><fills count="2"><fill>'
    '<patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill>'
    '</fills><borders count="1"><border><left/><right/><top/><bottom/><diagonal/></border></borders>'
    '<cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs>'
    '<cellXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0"/></cellXfs>'
)


class County(NamedTuple):
    """Whose odd file it is: each has her own, so that every one of them stands and is marked."""

    code: str
    name: str


def rows(county: County, **instead: str) -> Rows:
    """A roster of four women; `instead` says what the last of them has under a header."""
    filer, dated = f"填报单位：{county.name}残联", "填报日期：2018年11月26日"
    lines = [[f"2018年{county.name}培训人员花名册"], [filer, "", "", dated], list(HEADER)]
    for n in range(1, 5):
        first17 = f"{county.code}197{n}0{n}0{n}0{n}2"
        number = first17 + check_digit(first17)
        lines.append([str(n), f"王测{'二三四五'[n - 1]}", "女", number, f"{number}43", "是", f"{county.name}永安乡",
                      f"1384444000{n}", "刺绣", "2018-06-01", "2018-06-10", "10", ""])  # fmt: skip
    for header, value in instead.items():
        lines[-1][HEADER.index(header)] = value
    return lines


def bad(county: County) -> Rows:
    """A roster with a cell that is marked in the county's own file."""
    return rows(county, 残疾人证号="1")


def as_csv(lines: Rows) -> bytes:
    return "\r\n".join(",".join(line) for line in lines).encode("utf-8-sig", "surrogatepass")


def _sheet_rows(lines: Rows, number: str = "{}", style: str = "") -> str:
    xml_so_far = ""
    for r, line in enumerate(lines, 1):
        cells = "".join(
            f'<c r="{column_letters(c)}{r}" t="inlineStr"{style}><is><t>{escape(value)}</t></is></c>'
            for c, value in enumerate(line, 1)
            if value
        )
        xml_so_far += f'<row r="{number.format(r)}">{cells}</row>'
    return xml_so_far


def as_xlsx(lines: Rows, *, number: str = "{}", style: str = "", **around: str) -> bytes:
    xml_so_far = _sheet_rows(lines, number, style)
    return xlsx(xml_so_far, styles=_STYLES, **around)  # type: ignore[arg-type]


def as_ods(lines: Rows, name: str = "培训", first: str = "", after: str = "") -> bytes:
    """`first`: attributes of the first cell; `after`: what stands behind the rows."""
    cell = '<table:table-cell{} office:value-type="string"><text:p>{}</text:p></table:table-cell>'
    body = ""
    for r, line in enumerate(lines):
        cells = [cell.format(first if r == c == 0 else "", escape(v)) for c, v in enumerate(line)]
        body += f"<table:table-row>{''.join(cells)}</table:table-row>"
    return ods(f"<table:table table:name={quoteattr(name)}>{body}{after}</table:table>")


def as_html(lines: Rows, after: str = "") -> bytes:
    body = "".join(f"<tr>{''.join(f'<td>{escape(v)}</td>' for v in x)}</tr>" for x in lines)
    return f'<html><meta charset="utf-8"><table>{body}</table>{after}</html>'.encode()


def as_spreadsheetml(lines: Rows, first: str = "") -> bytes:
    cell = '<Cell{}><Data ss:Type="String">{}</Data></Cell>'
    body = ""
    for r, line in enumerate(lines):
        cells = [cell.format(first if r == c == 0 else "", escape(v)) for c, v in enumerate(line)]
        body += f"<Row>{''.join(cells)}</Row>"
    space = "urn:schemas-microsoft-com:office:spreadsheet"
    return (
        f'<?xml version="1.0"?><Workbook xmlns="{space}" xmlns:ss="{space}"><Worksheet '
        f'ss:Name="培训"><Table>{body}</Table></Worksheet></Workbook>'
    ).encode()


def as_xls(lines: Rows) -> bytes:
    page = Page("培训")
    page.cells = {(r, c): v for r, line in enumerate(lines, 1) for c, v in enumerate(line, 1) if v}
    return write([page], "xls")


def as_xlsb(lines: Rows) -> bytes:
    return xlsb({(r, c): v for r, x in enumerate(lines, 1) for c, v in enumerate(x, 1) if v})


def as_docx(lines: Rows) -> bytes:
    return word([[*line, *[""] * (len(HEADER) - len(line))] for line in lines])


def as_mail(lines: Rows, name: str = "roster.csv") -> bytes:
    packed = base64.encodebytes(as_csv(lines)).decode()
    return (
        'From: a@example.org\nMIME-Version: 1.0\nContent-Type: multipart/mixed; boundary="x"\n\n'
        "--x\nContent-Type: application/octet-stream\nContent-Transfer-Encoding: base64\n"
        f'Content-Disposition: attachment; filename="{name}"\n\n{packed}\n--x--\n'
    ).encode()


def as_zip(lines: Rows) -> bytes:
    return zipped({"花名册.csv": as_csv(lines), "里/花名册.xlsx": as_xlsx(lines)})


FORMATS: Mapping[str, Callable[[Rows], bytes]] = {
    "csv": as_csv, "xlsx": as_xlsx, "xls": as_xls, "xlsb": as_xlsb, "ods": as_ods, "html": as_html,
    "xml": as_spreadsheetml, "docx": as_docx, "zip": as_zip, "eml": as_mail,
}  # fmt: skip


def _with_parts(content: bytes, parts: Mapping[str, str]) -> bytes:
    with zipfile.ZipFile(io.BytesIO(content)) as source:
        old: dict[str, bytes | str] = {name: source.read(name) for name in source.namelist()}
    return zipped({**old, **parts})


def _commented(county: County, comments: str) -> bytes:
    """A workbook with a part of comments that says this and no more."""
    space = "http://schemas.openxmlformats.org"
    relations = (
        f'<Relationships xmlns="{space}/package/2006/relationships"><Relationship Id="rId1" '
        f'Type="{space}/officeDocument/2006/relationships/comments" Target="../comments1.xml"/>'
        "</Relationships>"
    )
    return _with_parts(
        as_xlsx(bad(county)),
        {
            "xl/worksheets/_rels/sheet1.xml.rels": relations,
            "xl/comments1.xml": f'<comments xmlns="{space}/spreadsheetml/2006/main">{comments}</comments>',
        },
    )


def _in_book(county: County, change: Callable[[bytes], bytes]) -> bytes:
    return edited(as_xlsx(bad(county)), "xl/workbook.xml", change)


def _bomb(times: int) -> bytes:
    """bzip2 of so many blocks of noughts, 5 MB each: one block is packed, and its bits repeated."""
    one = bz2.compress(bytes(4_900_000), 1)
    bits = f"{int.from_bytes(one[4:]):0{len(one[4:]) * 8}b}"
    block = bits[: bits.index(f"{0x177245385090:048b}")]
    own, whole = int(block[48:80], 2), 0
    for _ in range(times):
        whole = ((whole << 1 | whole >> 31) & 0xFFFFFFFF) ^ own
    bits = block * times + f"{0x177245385090:048b}{whole:032b}"
    bits += "0" * (-len(bits) % 8)
    return one[:4] + int(bits, 2).to_bytes(len(bits) // 8)


def _lying_archive() -> bytes:
    """A member that says 100 bytes and unpacks to gigabytes."""
    body, name, size = _bomb(1000), b"a.xlsx", 100
    fields = (46, 0, 12, 0, 33, 0, len(body), size, len(name), 0)
    local = struct.pack("<I5H3I2H", 0x04034B50, *fields)
    central = struct.pack("<I6H3I5H2I", 0x02014B50, 46, *fields, 0, 0, 0, 0, 0)
    at = len(local) + len(name) + len(body)
    end = struct.pack("<I4H2IH", 0x06054B50, 0, 0, 1, 1, len(central) + len(name), at, 0)
    return local + name + body + central + name + end


_REPEATED = '<table:table-row table:number-rows-repeated="2147483648"><table:table-cell office:value-type="string"><text:p>x</text:p></table:table-cell></table:table-row>'
_SPANNED = ' table:number-columns-spanned="16384" table:number-rows-spanned="1048576"'

# what is odd -> the file
ODD: Mapping[str, Callable[[County], Odd]] = {
    "U+FFFF in a name": lambda c: ("a.csv", as_csv(rows(c, 姓名="王\uffff测", 残疾人证号="1"))),
    "U+FFFF in a sound name": lambda c: ("a.csv", as_csv(rows(c, 姓名="王\uffff测"))),
    "U+FFFF in an address": lambda c: ("a.csv", as_csv(rows(c, 家庭住址="某县\uffff乡", 残疾人证号="1"))),
    "U+FFFF in a header": lambda c: ("a.csv", as_csv([[h.replace("备注", "怪\uffff列") for h in x] for x in bad(c)])),
    "a control character in a name": lambda c: ("a.csv", as_csv(rows(c, 姓名="王\x01测", 残疾人证号="1"))),
    "half a character in a name": lambda c: ("a.csv", as_csv(rows(c, 姓名="王\ud800测", 残疾人证号="1"))),
    "a nought byte in an xls": lambda c: ("a.xls", as_xls(rows(c, 姓名="王\x00测", 残疾人证号="1"))),
    "U+FFFF in an xls": lambda c: ("a.xls", as_xls(rows(c, 姓名="王\uffff测", 残疾人证号="1"))),
    "an escaped nought in an xlsx": lambda c: ("a.xlsx", as_xlsx(rows(c, 姓名="王_x0000_测", 残疾人证号="1"))),
    "an escaped tab in an xlsx": lambda c: ("a.xlsx", as_xlsx(rows(c, 姓名="王_x000B_测", 残疾人证号="1"))),
    "a slash in a sheet's name": lambda c: ("a.ods", as_ods(bad(c), "培训/就业")),
    "a question mark in a sheet's name": lambda c: ("a.ods", as_ods(bad(c), "培训?")),
    "brackets in a sheet's name": lambda c: ("a.ods", as_ods(bad(c), "[培训]")),
    "a slash in a sheet's name, with macros": lambda c: (
        "a.xlsm", _with_parts(_in_book(c, lambda x: x.replace("表".encode(), "培/训".encode())), {"xl/vbaProject.bin": "x"})),
    "Ethiopic digits in an ID number": lambda c: ("a.csv", as_csv(rows(c, 身份证号="፩" * 18))),
    "Ethiopic digits in a number": lambda c: ("a.csv", as_csv([*rows(c, 序号="፩"), ["合计", "፩人"]])),
    "a date of noughts": lambda c: ("a.csv", as_csv(rows(c, 开班时间="0000-00-00", 结业时间="9999-12-31"))),
    "a number too large for a date": lambda c: ("a.xlsx", edited(as_xlsx(bad(c)), "xl/worksheets/sheet1.xml", lambda x: re.sub(
        rb't="inlineStr"><is><t>2018-06-10</t></is>', b"><v>99999999999</v>", x))),
    "a month of 99 digits": lambda c: ("a.csv", as_csv(rows(c, 开班时间=f"2018-{'9' * 99}-1", 结业时间="1e5"))),
    "a total of 300 digits": lambda c: ("a.csv", as_csv([*rows(c), ["合计", f"{'9' * 300}人"]])),
    "days of 5,000 digits": lambda c: ("a.csv", as_csv(rows(c, 培训天数="9" * 5_000))),
    "30,000 hyphens for a date": lambda c: ("a.csv", as_csv(rows(c, 结业时间="-" * 30_000))),
    "30,000 spaces in a date": lambda c: ("a.csv", as_csv(rows(c, 结业时间=f"2018{' ' * 30_000}x"))),
    "30,000 hyphens for a name": lambda c: ("a.csv", as_csv(rows(c, 姓名="-" * 30_000))),
    "30,000 wide spaces before a mark": lambda c: ("a.csv", as_csv(rows(c, 备注="\u3000" * 30_000 + "x", 残疾人证号="1"))),
    "30,000 words of a range": lambda c: ("a.csv", as_csv(rows(c, 结业时间="至" * 30_000))),
    "a comment without authors": lambda c: ("a.xlsx", _commented(c, "<commentList/>")),
    "comments without a list": lambda c: ("a.xlsx", _commented(c, "<authors/>")),
    "a comment in relationships": lambda c: ("a.xlsx", edited(as_xlsx(bad(c)), "xl/_rels/workbook.xml.rels", lambda x: x.replace(
        b"<Relationship ", b"<!-- odd --><Relationship ", 1))),
    "a style that is no number": lambda c: ("a.xlsx", as_xlsx(bad(c), style=' s="x"')),
    "a style that is no whole number": lambda c: ("a.xlsx", as_xlsx(bad(c), style=' s="1.0"')),
    "rows numbered 1.0": lambda c: ("a.xlsx", as_xlsx(bad(c), number="{}.0")),
    "a defined name without sheet": lambda c: ("a.xlsx", _in_book(c, lambda x: x.replace(
        b"</sheets>", b'</sheets><definedNames><definedName name="a" localSheetId="">S!$A$1</definedName></definedNames>'))),
    "a sheet without number": lambda c: ("a.xlsx", _in_book(c, lambda x: x.replace(b' sheetId="1"', b""))),
    "a sheet numbered in words": lambda c: ("a.xlsx", _in_book(c, lambda x: x.replace(b'sheetId="1"', b'sheetId="x"'))),
    "a column without place": lambda c: ("a.xlsx", as_xlsx(bad(c), before='<cols><col width="9"/></cols>')),
    "a merge without place": lambda c: ("a.xlsx", as_xlsx(bad(c), after="<mergeCells><mergeCell/></mergeCells>")),
    "a merge over everything": lambda c: ("a.xlsx", as_xlsx(bad(c), after='<mergeCells><mergeCell ref="A1:XFD1048576"/></mergeCells>')),
    "a span over everything in ods": lambda c: ("a.ods", as_ods(bad(c), first=_SPANNED)),
    "a span over everything in SpreadsheetML": lambda c: (
        "a.xml", as_spreadsheetml(bad(c), ' ss:MergeAcross="99999999" ss:MergeDown="99999999"')),
    "many spans in a web page": lambda c: ("a.xls", as_html(bad(c), "<table>" + f"<tr>{'<td colspan=1000 rowspan=1000>x</td>' * 300}</tr>" * 20 + "</table>")),
    "a row repeated 2^31 times": lambda c: ("a.ods", as_ods(bad(c), after=_REPEATED)),
    "50,000 comments that say nothing in ods": lambda c: ("a.ods", as_ods(bad(c), after="<office:annotation/>" * 50_000)),
    "100,000 quotes in a mail's header": lambda c: ("a.eml", as_mail(bad(c), '"' * 100_000)),
    "a name of 84 rare characters in a zip": lambda c: ("a.zip", zipped({"\U00020000" * 84 + ".xlsx": as_xlsx(bad(c))})),
    "an archive that lies about its size": lambda c: ("a.zip", _lying_archive()),
    "a password file that is a roster": lambda c: ("密码本.csv", as_csv(bad(c))),
}  # fmt: skip

_TEXTS = ("\uffff", "\x01", "\x0b", "&#xFFFF;", "&#1;", "_x0000_", "፩፪", "\u202e", "\U00020000", "\u200b", "=1+1", "][/\\?*:", "-" * 3000, "9" * 400)  # fmt: skip
_NUMBERS = ("", "-1", "1e308", "NaN", "2147483648", "99999999999999999999", "1.5", "x", "0")


def mutated(county: County, suffix: str, how: str, seed: int) -> bytes:
    """A sound return of a format with its bytes, its parts, characters, numbers or structure changed."""
    content, dice = FORMATS[suffix](bad(county)), random.Random(seed)
    if how == "bytes":
        return damaged(content, seed)
    if not zipfile.is_zipfile(io.BytesIO(content)):
        return _changed(content, how, dice)
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        parts = {name: package.read(name) for name in package.namelist()}
    part = dice.choice(sorted(parts))
    if how == "parts":
        other = parts.pop(part)
        fate = dice.choice(("gone", "empty", "elsewhere", "twice"))
        if fate == "twice":
            return zipped([*parts.items(), (part, other), (part, other[: len(other) // 2])])
        parts |= {"empty": {part: b""}, "elsewhere": {dice.choice(sorted(parts)): other}}.get(
            fate, {}
        )
        return zipped(parts)
    return zipped({**parts, part: _changed(parts[part], how, dice)})


def _changed(content: bytes, how: str, dice: random.Random) -> bytes:
    """Text with characters put in, its numbers replaced, or an element taken out, doubled or commented."""
    text = content.decode("utf-8", "surrogateescape")
    if how == "characters":
        for _ in range(dice.randint(1, 4)):
            at = dice.randrange(len(text) + 1)
            text = text[:at] + dice.choice(_TEXTS) + text[at:]
    elif how == "numbers":
        places = list(re.finditer(r"\d+", text))
        for match in sorted(
            dice.sample(places, min(len(places), dice.randint(1, 5))), key=lambda m: -m.start()
        ):
            text = text[: match.start()] + dice.choice(_NUMBERS) + text[match.end() :]
    else:
        pattern = dice.choice(
            (r'\s[\w:]+="[^"]*"', r"<[\w:]+(?:\s[^<>]*)?/?>", r"</[\w:]+>", r"[^\n]+\n")
        )
        if places := list(re.finditer(pattern, text)):
            match = dice.choice(places)
            put = dice.choice(("", match[0] * 2, f"<!-- odd -->{match[0]}", match[0] * 500))
            text = text[: match.start()] + put + text[match.end() :]
    return text.encode("utf-8", "surrogatepass" if "\ud800" in text else "surrogateescape")


KINDS: Sequence[str] = ("bytes", "parts", "characters", "numbers", "structure")
