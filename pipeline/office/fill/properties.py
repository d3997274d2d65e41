"""docProps: who made a paper is the office that sends it, on a fixed day; no library signs for it."""

from __future__ import annotations

from xml.sax.saxutils import escape

from pipeline.office.characters import printable
from pipeline.office.package import Package

_CORE = "http://schemas.openxmlformats.org/package/2006/metadata/core-properties"
_DC, _TERMS = "http://purl.org/dc/elements/1.1/", "http://purl.org/dc/terms/"
_XSI = "http://www.w3.org/2001/XMLSchema-instance"
_APP = "http://schemas.openxmlformats.org/officeDocument/2006/extended-properties"
_DAY = "2018-01-01T00:00:00Z"
_HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'


def author_parts(package: Package, office: str) -> dict[str, bytes | None]:
    """The property parts that a package has, written anew; the title the template gives is kept."""
    found: dict[str, bytes | None] = {}
    for kind, written in (("core-properties", _core), ("extended-properties", _app)):
        if part := package.related("", kind):
            found[part] = written(package, part, escape(printable(office)))
    return found


def _core(package: Package, part: str, office: str) -> bytes:
    title = package.xml(part).findtext(f"{{{_DC}}}title") or ""
    return (
        f'{_HEAD}<cp:coreProperties xmlns:cp="{_CORE}" xmlns:dc="{_DC}" xmlns:dcterms="{_TERMS}"'
        f' xmlns:xsi="{_XSI}"><dc:title>{escape(title)}</dc:title><dc:creator>{office}</dc:creator>'
        f"<cp:lastModifiedBy>{office}</cp:lastModifiedBy>"
        f'<dcterms:created xsi:type="dcterms:W3CDTF">{_DAY}</dcterms:created>'
        f'<dcterms:modified xsi:type="dcterms:W3CDTF">{_DAY}</dcterms:modified>'
        "</cp:coreProperties>"
    ).encode()


def _app(package: Package, part: str, office: str) -> bytes:
    return f'{_HEAD}<Properties xmlns="{_APP}"><Company>{office}</Company></Properties>'.encode()
