"""A workbook of parts (xlsx, xlsm): its worksheets in order, shared strings, what its styles show."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from pipeline.office.package import Package
from pipeline.office.read.displayed import is_odd, shows_nothing
from pipeline.office.read.formats import Shows, shown_by
from pipeline.office.read.looks import Looks, font_of_signs, is_struck, with_signs
from pipeline.office.unreadable import Unreadable
from pipeline.office.xmlparts import in_utf8, parse_filed, parse_xml, refuse_entities, unescaped

_LOCAL = "{*}"
_DRAWN = (b"drawing ", b"oleObject", b"picture ")  # not every legacyDrawing is more than a comment
# the first element behind declaration, comments and instructions, with a prefix
_PREFIX = re.compile(
    rb"""(?>\s*<(?:[?].*?[?]>|!--.*?-->|!DOCTYPE[^<>\[]*>))*+\s*<([^\s<>/:!?"'=]+):(?:worksheet|sst)[\s>]""",
    re.DOTALL,
)
_BY_CODE = re.compile(rb"_x(?!00)[0-9A-Fa-f]{4}_")
_STRINGS_COUNTED = re.compile(rb"""\s(?:count|uniqueCount)\s*=\s*(?:"[^"]*"|'[^']*')""")
_ROOT = re.compile(rb"<sst[\s>][^>]*>?")


@dataclass(frozen=True)
class SheetPart:
    """One worksheet as the workbook lists it, and the bytes that hold it: UTF-8, no prefixes."""

    name: str
    hidden: bool
    content: bytes
    pictured: bool = False  # holds pictures or embedded files


class Book:
    """The worksheets of a package in either dialect (transitional or strict), and what they share.

    Parts are found by what relates to what, not by their names.
    """

    def __init__(self, package: Package) -> None:
        self._package = package
        self.part = workbook_part(package)

    @cached_property
    def worksheets(self) -> tuple[SheetPart, ...]:
        """The worksheets in the order of their tabs; charts and macro sheets are none."""
        root = self._package.xml(self.part) if self.part else None
        if root is None:
            return ()
        targets = {
            r.id: r.target for r in self._package.relations(self.part) if r.kind == "worksheet"
        }
        found = []
        for sheet in root.iter(f"{_LOCAL}sheet"):
            target = targets.get(_relation(sheet), "")
            if target:
                content = self._package.part(target)
                hidden = sheet.get("state", "visible") != "visible"
                behind = content[max(content.rfind(b"sheetData"), 0) :]  # where drawings stand
                pictured = any(mark in behind for mark in _DRAWN) and is_pictured(
                    self._package, target
                )
                name = sheet.get("name", "")
                found.append(SheetPart(name, hidden, with_signs(_unprefixed(content)), pictured))
                self._package.let_go(target)
        return tuple(found)

    @cached_property
    def from_1904(self) -> bool:
        """Whether days are counted from 1904, as on old Macintoshes."""
        root = self._package.xml(self.part)
        about = None if root is None else root.find(f"{_LOCAL}workbookPr")
        return about is not None and about.get("date1904") in ("1", "true")

    @cached_property
    def shared_strings(self) -> bytes:
        """The part of the shared strings as it stands, in UTF-8; nothing where there is none."""
        part = self._package.part(self._package.related(self.part, "sharedStrings"))
        return with_signs(_uncounted(_unprefixed(part)))

    @cached_property
    def strings(self) -> tuple[str, ...]:
        """The shared strings, runs joined, phonetic guides left out."""
        if not self.shared_strings:
            return ()
        return tuple(written(si) for si in parse_filed(self.shared_strings).iter(f"{_LOCAL}si"))

    @cached_property
    def _formats(self) -> tuple[Any, ...]:
        """What each cell style says: the elements of cellXfs; none where the styles are damaged."""
        root = self._styles_root
        if root is None:
            return ()
        return tuple(xf for xfs in root.iter(f"{_LOCAL}cellXfs") for xf in xfs.iter(f"{_LOCAL}xf"))

    @cached_property
    def _styles_root(self) -> Any:
        try:
            return self._package.xml(self._package.related(self.part, "styles"))
        except Unreadable:
            return None

    @cached_property
    def _codes(self) -> dict[int, str]:
        """The number formats of the file's own; those of conditional formats have numbers of theirs."""
        root = self._styles_root
        return {
            _whole(f.get("numFmtId")): f.get("formatCode", "")
            for formats in (() if root is None else root.iter(f"{_LOCAL}numFmts"))
            for f in formats.iter(f"{_LOCAL}numFmt")
        }

    @cached_property
    def styles(self) -> tuple[Shows, ...]:
        """What each cell style shows of a number; all are numbers where the styles are damaged."""
        return tuple(shown_by(_whole(xf.get("numFmtId")), self._codes) for xf in self._formats)

    @cached_property
    def dated(self) -> frozenset[int]:
        """The styles that show a day, or a time."""
        return frozenset(n for n, shows in enumerate(self.styles) if shows is not Shows.NUMBER)

    @cached_property
    def is_usual(self) -> bool:
        """Whether calamine reads what the sheets share: not days since 1904, nor characters by their code."""
        return not (self.from_1904 or has_codes(self.shared_strings))

    @cached_property
    def looks(self) -> Looks:
        """Which styles and strings show something else than they hold, or are struck out."""
        root = self._styles_root
        fonts = [] if root is None else list(root.iterfind(f"{_LOCAL}fonts/{_LOCAL}font"))
        struck = {nth for nth, font in enumerate(fonts) if is_struck(font)}
        signs = {nth: name for nth, font in enumerate(fonts) if (name := font_of_signs(font))}
        odd = {number for number, code in self._codes.items() if is_odd(code)}
        of_format = [_whole(xf.get("numFmtId")) for xf in self._formats]
        of_font = [_whole(xf.get("fontId")) for xf in self._formats]
        return Looks(
            {n: self._codes[f] for n, f in enumerate(of_format) if f in odd},
            {n: signs[f] for n, f in enumerate(of_font) if f in signs},
            frozenset(n for n, f in enumerate(of_font) if f in struck),
            self._struck_strings,
            frozenset(n for n, f in enumerate(of_format) if shows_nothing(self._codes.get(f, ""))),
        )

    @property
    def _struck_strings(self) -> frozenset[int]:
        """The shared strings some letters of which are struck out."""
        if b"<strike" not in self.shared_strings:
            return frozenset()
        return frozenset(
            nth
            for nth, si in enumerate(parse_xml(self.shared_strings).iter(f"{_LOCAL}si"))
            if any(map(is_struck, si.iter(f"{_LOCAL}rPr")))
        )

    def shows(self, style: str | None) -> Shows:
        """What the style of a cell shows, by the index the cell gives; a number where it gives none."""
        nth = _whole(style)
        return self.styles[nth] if nth < len(self.styles) else Shows.NUMBER


def is_pictured(package: Package, sheet: str) -> bool:
    """Whether a worksheet shows pictures, or files embedded in it; a chart is neither."""
    try:
        relations = package.relations(sheet)
        drawings = [r.target for r in relations if r.kind == "drawing"]
        kinds = {r.kind for part in drawings for r in package.relations(part)}
    except Unreadable:
        return False
    kinds |= {r.kind for r in relations}
    return not kinds.isdisjoint(("image", "oleObject", "package"))


def workbook_part(package: Package) -> str:
    """The part that lists the sheets, or nothing: related to, else where it usually stands."""
    usual = ("xl/workbook.xml", "xl/workbook.bin")
    return package.related("", "officeDocument") or next((p for p in usual if p in package), "")


def _unprefixed(content: bytes) -> bytes:
    """UTF-8 whose SpreadsheetML elements bear no prefix (some libraries write x:row)."""
    content = in_utf8(content)
    refuse_entities(content)
    found = _PREFIX.match(content)
    if not found:
        return content
    prefix = found[1] + b":"
    return content.replace(b"<" + prefix, b"<").replace(b"</" + prefix, b"</")


def has_codes(content: bytes) -> bool:
    """Whether characters are written by their code (_x5F20_) where calamine leaves them as they stand."""
    return b"_x" in content and _BY_CODE.search(content) is not None


def _uncounted(strings: bytes) -> bytes:
    """Shared strings that do not say how many they are: a reader sets memory aside for what is said."""
    root = _ROOT.search(strings)
    if root is None or b"ount" not in root[0]:
        return strings
    return strings[: root.start()] + _STRINGS_COUNTED.sub(b"", root[0]) + strings[root.end() :]


def _relation(sheet: Any) -> str:
    """The relationship id of a sheet, whatever the dialect calls its namespace."""
    return next((v for k, v in sheet.attrib.items() if k.endswith("}id")), "")


def _whole(text: str | None) -> int:
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 10 else 0


def written(element: Any) -> str:
    """The text of a string item: all runs joined, without the phonetic guide above the characters."""
    runs = [
        t.text or ""
        for t in element.iter(f"{_LOCAL}t")
        if not any(a.tag.endswith("}rPh") or a.tag == "rPh" for a in t.iterancestors())
    ]
    return unescaped("".join(runs))
