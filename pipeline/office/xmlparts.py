"""XML that came from outside: parsed without following anything."""

from __future__ import annotations

from typing import Any

from pipeline.office.faults import Unreadable


def parse_xml(content: bytes) -> Any:
    """The root of an XML document; entities, DTDs and networks are left alone. Raises Unreadable."""
    from lxml import etree

    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, huge_tree=True
    )
    try:
        return etree.fromstring(content, parser)
    except etree.XMLSyntaxError as fault:
        raise Unreadable("F01", "文件已损坏，XML 不完整") from fault
