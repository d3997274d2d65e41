"""XML that came from outside: parsed without following anything."""

from __future__ import annotations

import re
from typing import Any

from pipeline.office.unreadable import Unreadable

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_SAYS = re.compile(rb"""<\?xml[^>]*?encoding\s*=\s*["']([\w.-]+)["'][^>]*\?>""")
_TOO_NARROW = frozenset({"gb2312", "gbk", "gb_2312-80", "x-gbk", "csgb2312", "cp936"})
_DECLARED = re.compile(r"^\ufeff?\s*<\?xml[^>]*\?>")


def written_out(root: Any) -> bytes:
    """An element as a part of a package."""
    from lxml import etree

    content: bytes = etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True)
    return content


def parse_xml(content: bytes) -> Any:
    """The root of an XML document; entities, DTDs and networks are left alone. Raises Unreadable.

    What calls itself GB2312 is read as the GB18030 it is in truth.
    """
    from lxml import etree

    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, huge_tree=True
    )
    try:
        return etree.fromstring(_widened(content), parser)
    except etree.XMLSyntaxError as fault:
        raise Unreadable("F01", "文件已损坏，XML 不完整") from fault


def in_utf8(content: bytes) -> bytes:
    """An XML document in UTF-8, from whatever encoding it says or shows; damage stays in sight."""
    for mark, encoding in ((b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"), (b"<\0", "utf-16-le"),
                           (b"\0<", "utf-16-be")):  # fmt: skip
        if content.startswith(mark):
            return _undeclared(content.decode(encoding, "replace"))
    declared = _SAYS.match(content[:200].lstrip(b"\xef\xbb\xbf \t\r\n"))
    name = declared[1].decode("ascii").lower() if declared else "utf-8"
    if name in ("utf-8", "utf8"):
        return content.removeprefix(b"\xef\xbb\xbf")
    try:
        return _undeclared(content.decode("gb18030" if name in _TOO_NARROW else name, "replace"))
    except LookupError:
        return content


def _undeclared(text: str) -> bytes:
    return _DECLARED.sub("", text).encode("utf-8")


def _widened(content: bytes) -> bytes:
    declared = _SAYS.match(content[:200])
    if declared and declared[1].decode("ascii").lower() in _TOO_NARROW:
        return content[: declared.start(1)] + b"gb18030" + content[declared.end(1) :]
    return content
