"""XML that came from outside: parsed without following anything."""

from __future__ import annotations

import re
from typing import Any

from pipeline.office.unreadable import Unreadable

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_SAYS = re.compile(rb"""<\?xml[^>]*?encoding\s*=\s*["']([\w.-]+)["'][^>]*\?>""")
_TOO_NARROW = frozenset({"gb2312", "gbk", "gb_2312-80", "x-gbk", "csgb2312", "cp936"})
_DECLARED = re.compile(r"^\ufeff?\s*<\?xml[^>]*\?>")
_MOST_TAGS = 5_000_000  # of a list of 70,000 persons; measured: about 200 bytes of memory each
_BLANKS = b"\0 \t\r\n"
_CODED = re.compile(r"_x([0-9A-Fa-f]{4})_")


def written_out(root: Any) -> bytes:
    """An element as a part of a package."""
    from lxml import etree

    content: bytes = etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True)
    return content


def parse_xml(content: bytes) -> Any:
    """The root of an XML document without its comments; DTDs and networks are left alone.

    What calls itself GB2312 is read as the GB18030 it is in truth. Raises Unreadable, for entities of the
    document's own too: unresolved they would leave holes in names, resolved they may fill memory.
    """
    from lxml import etree

    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, huge_tree=True,
        remove_comments=True, remove_pis=True,
    )  # fmt: skip
    refuse_entities(content)
    try:
        return etree.fromstring(_widened(_trimmed(content)), parser)
    except etree.XMLSyntaxError as fault:
        raise Unreadable("F01", "文件已损坏，XML 不完整") from fault


def refuse_entities(content: bytes) -> None:
    """Raises Unreadable where a document declares entities, as no spreadsheet program does."""
    for encoding in ("ascii", "utf-16-le"):
        if "<!ENTITY".encode(encoding) in content:
            raise Unreadable(
                "F01", "里面有自定义的 XML 实体，不是正常的表格。请用 Excel 打开后另存为 .xlsx"
            )


def unescaped(text: str) -> str:
    """The text of a cell with what XML cannot hold, which Excel writes by its number.

    >>> unescaped("张三_x000D_李四_x005F_")
    '张三\\r李四_'
    """
    return _CODED.sub(lambda m: chr(int(m[1], 16)), text) if "_x" in text else text


def parse_filed(content: bytes) -> Any:
    """The root of a document that somebody filed, as parse_xml, and no more of it than fits into memory."""
    refuse_crowd(content.count(b"<"))
    return parse_xml(content)


def refuse_crowd(tags: int) -> None:
    """Raises Unreadable where a document has more tags than a tree of it fits into memory."""
    if tags > _MOST_TAGS:
        raise Unreadable("F05", f"里面的标记超过 {_MOST_TAGS // 10_000} 万个，不是正常的表格")


def in_utf8(content: bytes) -> bytes:
    """An XML document in UTF-8, from whatever encoding it says or shows; damage stays in sight."""
    for mark, encoding in ((b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"), (b"<\0", "utf-16-le"),
                           (b"\0<", "utf-16-be")):  # fmt: skip
        if content.startswith(mark):
            return undeclared(content.decode(encoding, "replace"))
    name = _declared_encoding(content)
    if name in ("utf-8", "utf8"):
        return content.removeprefix(b"\xef\xbb\xbf")
    try:
        return undeclared(content.decode("gb18030" if name in _TOO_NARROW else name, "replace"))
    except LookupError:
        return content


def says_utf_8_or_chinese(content: bytes) -> bool:
    """Whether a document says, or leaves to be understood, that it is UTF-8 or in a Chinese code page:
    programs that write by hand mistake the one for the other."""
    name = _declared_encoding(content)
    return name in ("utf-8", "utf8", "utf-16", "gb18030", *_TOO_NARROW)


def _declared_encoding(content: bytes) -> str:
    declared = _SAYS.match(content[:200].lstrip(b"\xef\xbb\xbf \t\r\n"))
    return declared[1].decode("ascii").lower() if declared else "utf-8"


def undeclared(text: str) -> bytes:
    """An XML document in UTF-8, without what it says of its encoding."""
    return _DECLARED.sub("", text).encode("utf-8", "replace")


def _trimmed(content: bytes) -> bytes:
    """Without the blanks before the document and the noughts some programs leave behind it."""
    is_wide = content.startswith((b"\xff\xfe", b"\xfe\xff")) or b"\0" in content[:4]
    return content if is_wide else content.strip(_BLANKS)


def _widened(content: bytes) -> bytes:
    declared = _SAYS.match(content[:200])
    if declared and declared[1].decode("ascii").lower() in _TOO_NARROW:
        return content[: declared.start(1)] + b"gb18030" + content[declared.end(1) :]
    return content
