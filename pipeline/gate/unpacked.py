"""The exact bytes of a file -> all texts in it, each with its place; what cannot be looked into is said."""

from __future__ import annotations

import csv
import email
import email.policy
import html
import io
import re
import zipfile
from collections.abc import Iterator, Sequence
from typing import IO

Piece = tuple[str, str]  # place, text

_DEEPEST, _MOST_BYTES, _AT_ONCE = 6, 4 << 30, 4 << 20
_ZIP, _OLE, _PDF = b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", b"%PDF"
_NODE = re.compile(r">([^<]+)<")
_TAG = re.compile(r"<[^>]*>")
_ENDS = re.compile(r"</(?:c|si|w:p|a:p|p|td|th|tr|li|h\d|div|title)>|<(?:w:)?br\s*/?>|<w:tab/>")
_TOLD_TAGS = re.compile(r"<(?!(?:c|row|v|t|is|f|r|si|col|/)[ >/])[^>]*=[^>]*>")
_PIECE_ENDS = (b"</row>", b"</si>", b"</w:p>", b"</p>", b"\n", b">")
_IN_TEXTS = re.compile(r'([\w:]+)="([^"]*)"')
_PICTURES = (".png", ".jpg", ".jpeg", ".gif", ".bmp", ".emf", ".wmf", ".tif", ".tiff")
_TEXTS = (".csv", ".txt", ".json", ".md", ".toml", ".htm", ".html", ".xml", ".svg")
_OF_PARTS = (
    ("comments", "批注"), ("threadedcomments", "批注"), ("header", "页眉"), ("footer", "页脚"),
    ("docprops", "文件属性"), ("charts", "图表"), ("pivotcache", "透视缓存"), ("drawing", "图形"),
    ("document.xml", "正文"), ("sharedstrings", "单元格"), ("workbook.xml", "名称"),
    ("footnotes", "脚注"), ("customxml", "自定义数据"), ("externallinks", "外部链接"),
)  # fmt: skip


class Closed(Exception):
    """What cannot be looked into, and must therefore not go out."""


def pieces(name: str, content: bytes, keys: Sequence[bytes] = (), deep: int = 0) -> Iterator[Piece]:
    """Every text of a file, what lies packed, locked or attached in it included.

    keys: tried on locked archives and workbooks. Raises Closed where something stays shut.
    """
    if deep > _DEEPEST:
        raise Closed("压缩包套得太深")
    yield "文件名", name
    if content.startswith(_ZIP):
        yield from _of_zip(content, keys, deep)
    elif content.startswith(_OLE):
        yield from _of_ole(name, content, keys, deep)
    elif content.startswith(_PDF):
        yield from _of_pdf(content)
    elif name.lower().endswith(".eml"):
        yield from _of_mail(content, keys, deep)
    elif name.lower().endswith(_TEXTS):
        yield from _of_text(name.lower(), content)
    else:
        yield from _of_bytes("内容", name, content)


def _of_zip(content: bytes, keys: Sequence[bytes], deep: int) -> Iterator[Piece]:
    import pyzipper

    try:
        with pyzipper.AESZipFile(io.BytesIO(content)) as archive:
            entries = archive.infolist()
            if sum(e.file_size for e in entries) > _MOST_BYTES:
                raise Closed("展开后太大")
            sheets = _sheet_names(archive, {e.filename for e in entries})
            yield "压缩包注释", _loosely(archive.comment)
            for entry in entries:
                yield "压缩包内文件名", entry.filename
                yield "压缩包注释", _loosely(entry.comment)
                yield from _of_member(archive, entry, sheets, keys, deep)
    except (zipfile.BadZipFile, pyzipper.BadZipFile, NotImplementedError, EOFError):
        raise Closed("压缩包打不开") from None


def _of_member(
    archive: zipfile.ZipFile,
    entry: zipfile.ZipInfo,
    sheets: dict[str, str],
    keys: Sequence[bytes],
    deep: int,
) -> Iterator[Piece]:
    place = sheets.get(entry.filename) or _place_of(entry.filename)
    with _unlocked(archive, entry, keys) as stream:
        head = stream.read(_AT_ONCE)
        if entry.filename.lower().endswith((".xml", ".rels", ".vml")) and not _wide(head):
            yield from _of_xml(place, head, stream)
            return
        content = head + stream.read()
    nested = content.startswith((_ZIP, _OLE, _PDF)) or _wide(head)
    if nested or entry.filename.lower().endswith((".eml", *_TEXTS)):
        for inner, text in pieces(entry.filename, content, keys, deep + 1):
            yield f"{place} {inner}" if nested else place, text
    else:
        yield from _of_bytes(place, entry.filename, content)


def _unlocked(archive: zipfile.ZipFile, entry: zipfile.ZipInfo, keys: Sequence[bytes]) -> IO[bytes]:
    if not entry.flag_bits & 1:
        return archive.open(entry)
    for key in keys:
        try:
            return archive.open(entry, pwd=key)
        except RuntimeError:
            continue
    raise Closed("加了密，手上没有密码")


def _wide(head: bytes) -> bool:
    return head[:2] in (b"\xff\xfe", b"\xfe\xff") or head[:4] in (b"<\0?\0", b"\0<\0?")


def _sheet_names(archive: zipfile.ZipFile, names: set[str]) -> dict[str, str]:
    """What a worksheet's part is called on its tab, as far as that is easily told."""
    if not {"xl/workbook.xml", "xl/_rels/workbook.xml.rels"} <= names:
        return {}
    book = archive.read("xl/workbook.xml").decode("utf-8", "replace")
    links = archive.read("xl/_rels/workbook.xml.rels").decode("utf-8", "replace")
    heads = (dict(_IN_TEXTS.findall(tag)) for tag in re.findall(r"<Relationship [^>]*>", links))
    target = {h.get("Id"): h.get("Target", "").lstrip("/").removeprefix("xl/") for h in heads}
    found = {}
    for tag in re.findall(r"<(?:x:)?sheet [^>]*>", book):
        head = dict(_IN_TEXTS.findall(tag))
        hidden = "（隐藏）" if head.get("state", "visible") != "visible" else ""
        part = f"xl/{target.get(head.get('r:id'), '')}"
        found[part] = f"工作表“{html.unescape(head.get('name', ''))}”{hidden}"
    return found


def _place_of(part: str) -> str:
    low = part.lower()
    return next((word for said, word in _OF_PARTS if said in low), part)


def _of_xml(place: str, head: bytes, stream: IO[bytes]) -> Iterator[Piece]:
    """XML in pieces that end where a row or a paragraph ends: a long sheet is never held whole."""
    held = head
    while True:
        more = stream.read(_AT_ONCE)
        cut = len(held)
        if more:
            cut = next((at + len(e) for e in _PIECE_ENDS if (at := held.rfind(e)) >= 0), cut)
        yield from _of_markup(place, held[:cut].decode("utf-8", "replace"))
        held = held[cut:] + more
        if not more:
            if held:
                yield from _of_markup(place, held.decode("utf-8", "replace"))
            return


def _of_markup(place: str, text: str) -> Iterator[Piece]:
    """Text of every element on its own, texts of runs joined, and what attributes say."""
    nodes = "\n".join(_NODE.findall(text))
    yield place, html.unescape(nodes) if "&" in nodes else nodes
    plain = "<c " in text and "<r>" not in text and "<rPr" not in text
    if not plain:
        joined = _TAG.sub("", _ENDS.sub("\n", text))
        yield place, html.unescape(joined) if "&" in joined else joined
    tags = "\n".join(_TOLD_TAGS.findall(text))
    if tags:
        yield place, html.unescape(tags) if "&" in tags else tags
    if "<!" in text:
        yield place, "\n".join(re.findall(r"<!.*?>", text, re.DOTALL))


def _of_ole(name: str, content: bytes, keys: Sequence[bytes], deep: int) -> Iterator[Piece]:
    import msoffcrypto
    from msoffcrypto.exceptions import FileFormatError

    try:
        locked = msoffcrypto.OfficeFile(io.BytesIO(content))
        is_locked = locked.is_encrypted()
    except FileFormatError:
        is_locked = False
    except Exception as fault:  # what a strange file makes that library raise is not foreseeable
        raise Closed("旧格式文件看不透") from fault
    if not is_locked:
        yield from _of_bytes("内容", name, content)
        return
    for key in keys:
        opened = io.BytesIO()
        try:
            locked.load_key(password=key.decode("utf-8"))
            locked.decrypt(opened)
        except Exception:  # a wrong key shows itself in many ways
            continue
        yield from pieces(name, opened.getvalue(), keys, deep + 1)
        return
    raise Closed("加了密，手上没有密码")


def _of_pdf(content: bytes) -> Iterator[Piece]:
    """Text as a viewer shows it; a scanned page is a picture and tells nothing here."""
    import pypdf

    try:
        reader = pypdf.PdfReader(io.BytesIO(content))
        if reader.is_encrypted:
            raise Closed("PDF 加了密")
        for number, page in enumerate(reader.pages, 1):
            yield f"第 {number} 页", page.extract_text()
        yield "文件属性", "\n".join(map(str, (reader.metadata or {}).values()))
    except Closed:
        raise
    except Exception as fault:  # pypdf meets broken files with many kinds of exceptions
        raise Closed("PDF 读不懂") from fault
    yield from _of_bytes("内容", ".pdf", content)


def _of_mail(content: bytes, keys: Sequence[bytes], deep: int) -> Iterator[Piece]:
    mail = email.message_from_bytes(content, policy=email.policy.default)
    yield "邮件头", "\n".join(str(value) for value in mail.values())
    for part in mail.walk():
        if part.is_multipart():
            continue
        payload = part.get_payload(decode=True)
        raw = payload if isinstance(payload, bytes) else b""
        if name := part.get_filename():
            for place, text in pieces(name, raw, keys, deep + 1):
                yield f"附件 {name} {place}", text
        else:
            yield "邮件正文", _text_of(raw)


def _of_text(name: str, content: bytes) -> Iterator[Piece]:
    text = _text_of(content)
    if name.endswith((".htm", ".html", ".xml", ".svg")):
        yield from _of_markup("页面", text)
        yield "页面", text
    elif name.endswith(".csv"):
        yield "单元格", "\n".join(cell for row in csv.reader(io.StringIO(text)) for cell in row)
    elif name.endswith(".json"):
        yield "内容", text.replace("\\n", "\n")
    else:
        yield "内容", text


def _text_of(content: bytes) -> str:
    if _wide(content):
        return content.decode(
            "utf-16" if content[0] in (0xFF, 0xFE) else _order(content), "replace"
        )
    for code in ("utf-8-sig", "gb18030"):
        try:
            return content.decode(code)
        except UnicodeDecodeError:
            continue
    return content.decode("latin-1")


def _order(content: bytes) -> str:
    return "utf-16-be" if content[0] == 0 else "utf-16-le"


def _of_bytes(place: str, name: str, content: bytes) -> Iterator[Piece]:
    """Of a part without a known form: what stands in it as plain, Chinese or wide text."""
    if name.lower().endswith(_PICTURES):
        # of its pixels nothing can be told; of what is written beside them, numbers
        yield place, "\n".join(m.decode() for m in re.findall(rb"[0-9Xx]{11,}", content))
        return
    yield place, _loosely(content)
    if b"\0" in content:
        for code in ("utf-16-le", "utf-16-be"):
            yield place, content.decode(code, "ignore")
            yield place, content[1:].decode(code, "ignore")


def _loosely(content: bytes) -> str:
    return content.decode("utf-8", "ignore")
