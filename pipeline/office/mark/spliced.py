"""A worksheet part as bytes: a few cells given another style, all other bytes left as they are."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable, Mapping
from typing import NamedTuple

from lxml import etree

from pipeline.office.mark.edited import OFFICE, NotEditable, whole_number
from pipeline.office.places import LAST_COLUMN, LAST_ROW, area, column_number
from pipeline.office.unreadable import Unreadable
from pipeline.office.xmlparts import parse_xml, written_out
from pipeline.values import column_letters

Place = tuple[int, int]  # row, column
Look = Callable[[int], int]

_ATTRIBUTES = rb"""((?:\s+[\w.:-]+\s*=\s*(?:"[^"]*"|'[^']*'))*)\s*(/?)>"""
_ATTRIBUTE = re.compile(rb"""([\w.:-]+)\s*=\s*(?:"([^"]*)"|'([^']*)')""")
_ROOT = re.compile(rb"<((?:[\w.-]+:)?)worksheet[\s>]")
_TAG = re.compile(rb"""<(/?)((?:[\w.-]+:)?)([\w.-]+)(?:\s+[\w.:-]+\s*=\s*(?:"[^"]*"|'[^']*'))*\s*(/?)>""")  # fmt: skip
# as nearly every program writes the place of a row or cell: what is written otherwise is read whole
_ROW_NUMBER = re.compile(rb'\sr="(\d{1,9})"')
_CELL_PLACE = re.compile(rb'\sr="([A-Z]{1,3})\d{1,7}"')
_STYLE = re.compile(rb"""(\ss\s*=\s*)(?:"[^"]*"|'[^']*')""")
_SELECTED = re.compile(rb"""\stabSelected\s*=\s*(?:"[^"]*"|'[^']*')""")
_OTHER_ENCODING = re.compile(rb"""^<\?xml[^>]*encoding\s*=\s*["'](?!utf-8["'])""", re.IGNORECASE)
_PLACE = re.compile(rb"([A-Z]{1,3})(\d{1,7})")
_MOST_STEPS = 2_000_000
# what stands behind legacyDrawing in a worksheet (ECMA-376 CT_Worksheet); AlternateContent holds controls
_BEHIND = frozenset(
    {b"legacyDrawingHF", b"drawingHF", b"picture", b"oleObjects", b"controls",
     b"webPublishItems", b"tableParts", b"extLst", b"AlternateContent"}
)  # fmt: skip


class _Row(NamedTuple):
    """Where a row's opening tag and its end stand in the bytes."""

    number: int
    start: int
    inside: int  # behind the opening tag
    closed: bool  # <row …/>
    attributes: bytes


class Spliced:
    """One worksheet part. Raises NotEditable where it is none."""

    def __init__(self, content: bytes) -> None:
        content = _simple(content)
        root = _ROOT.search(content)
        if root is None:
            raise NotEditable("工作表没有数据")
        self._p = root[1]
        opening = re.search(rb"<" + re.escape(self._p) + rb"sheetData" + _ATTRIBUTES, content)
        if opening is None:
            raise NotEditable("工作表没有数据")
        closing = b"</" + self._p + b"sheetData>"
        self.head = content[: opening.start()]
        if opening[2]:
            self.rows, self.tail = b"", content[opening.end() :]
        else:
            end = content.rfind(closing)
            if end < opening.end():
                raise NotEditable("部件损坏")
            self.rows, self.tail = content[opening.end() : end], content[end + len(closing) :]
        self._of_columns: dict[int, int] = {}
        self._open = b"<" + self._p + b"sheetData>"
        self._close = closing
        self._row_tag = re.compile(rb"<" + re.escape(self._p) + rb"row(?=[\s/>])" + _ATTRIBUTES)
        self._cell_tag = re.compile(rb"<" + re.escape(self._p) + rb"c(?=[\s/>])" + _ATTRIBUTES)

    def content(self) -> bytes:
        """The part as it is now."""
        return b"".join((self.head, self._open, self.rows, self._close, self.tail))

    def anchors(self, places: Iterable[Place]) -> dict[Place, Place]:
        """For each place the cell itself, or the first cell of the merged range it lies in."""
        found = {place: place for place in places}
        ordered = sorted(found)
        steps = 0
        for match in re.finditer(
            rb"<" + re.escape(self._p) + rb"mergeCell" + _ATTRIBUTES, self.tail
        ):
            try:
                top, left, bottom, right = area(_attributes(match[1]).get(b"ref", b"").decode())
            except ValueError:
                continue
            first = bisect_left(ordered, (top, 0))
            last = bisect_right(ordered, (bottom, LAST_COLUMN), lo=first)
            steps += last - first
            if steps > _MOST_STEPS:  # thousands of merges over everything: no person drew them
                break
            for place in ordered[first:last]:
                if left <= place[1] <= right:
                    found[place] = (top, left)
        return found

    def restyle(self, looks: Mapping[Place, Look]) -> None:
        """Gives each place the style that its look makes of the one it has."""
        wanted: dict[int, dict[int, Look]] = {}
        for place, look in looks.items():
            if not (1 <= place[0] <= LAST_ROW and 1 <= place[1] <= LAST_COLUMN):
                raise NotEditable("单元格位置读不懂")
            wanted.setdefault(place[0], {})[place[1]] = look
        rows = self._found_rows()
        missing = sorted(wanted.keys() - {row.number for row in rows}, reverse=True)
        pieces: list[bytes] = []
        at = 0
        for nth, row in enumerate(rows):
            while missing and missing[-1] < row.number:
                number = missing.pop()
                pieces += [self.rows[at : row.start], self._new_row(number, wanted.pop(number))]
                at = row.start
            if row.number in wanted:
                stop = rows[nth + 1].start if nth + 1 < len(rows) else len(self.rows)
                changed = self._restyled(row, stop, wanted.pop(row.number))
                pieces += [self.rows[at : row.start], changed]
                at = stop
        pieces.append(self.rows[at:])
        pieces += [self._new_row(number, wanted[number]) for number in sorted(wanted)]
        self.rows = b"".join(pieces)

    def restyle_all(self, look: Look) -> None:
        """Gives every cell that says its style the one that the look makes of it."""

        def restyled(match: re.Match[bytes]) -> bytes:
            style = _style(match[1])
            return match[0] if look(style) == style else self._with_style(match, look)

        self.rows = self._cell_tag.sub(restyled, self.rows)

    def deselect(self) -> None:
        """Another tab is the one shown when the workbook opens."""
        self.head = _SELECTED.sub(b"", self.head)

    def draw_notes(self, relation: str) -> None:
        """Points at the drawing of its notes."""
        element = f'<{self._p.decode()}legacyDrawing xmlns:mark="{OFFICE}" mark:id="{relation}"/>'
        at = self._behind()
        self.tail = self.tail[:at] + element.encode() + self.tail[at:]

    def _behind(self) -> int:
        """Where in the tail the first element that must stand behind begins, or the end of all."""
        depth = 0
        for match in _TAG.finditer(self.tail):
            if match[1]:
                if not depth:
                    return match.start()
                depth -= 1
            elif not depth and match[3] in _BEHIND:
                return match.start()
            elif not match[4]:
                depth += 1
        raise NotEditable("部件损坏")

    def _found_rows(self) -> list[_Row]:
        found = []
        last = 0
        for match in self._row_tag.finditer(self.rows):
            plain = _ROW_NUMBER.match(match[1])
            last = int(plain[1]) if plain else _number_of_row(match[1], last + 1)
            found.append(_Row(last, match.start(), match.end(), bool(match[2]), match[1]))
        return found

    def _new_row(self, number: int, looks: Mapping[int, Look]) -> bytes:
        cells = b"".join(self._new_cell(number, c, looks[c], b"") for c in sorted(looks))
        return b'<%brow r="%d">%b</%brow>' % (self._p, number, cells, self._p)

    def _restyled(self, row: _Row, stop: int, looks: dict[int, Look]) -> bytes:
        """A row with some of its cells in another style, missing ones put in."""
        tag = self.rows[row.start : row.inside]
        if row.closed:
            cells = b"".join(self._new_cell(row.number, c, looks[c], row.attributes) for c in sorted(looks))  # fmt: skip
            opened = tag.rstrip(b">").rstrip().rstrip(b"/").rstrip() + b">"
            return b"%b%b</%brow>%b" % (opened, cells, self._p, self.rows[row.inside : stop])
        body = self.rows[row.inside : stop]
        end = body.rfind(b"</" + self._p + b"row>")
        if end < 0:
            raise NotEditable("部件损坏")
        pieces = [tag]
        at = column = 0
        for match in self._cell_tag.finditer(body, 0, end):
            if not looks:
                break
            place = _CELL_PLACE.match(match[1]) or _PLACE.fullmatch(
                _attributes(match[1]).get(b"r", b"")
            )
            column = column_number(place[1].decode()) if place else column + 1
            for missing in sorted(c for c in looks if c < column):
                new = self._new_cell(row.number, missing, looks.pop(missing), row.attributes)
                pieces += [body[at : match.start()], new]
                at = match.start()
            if column in looks:
                pieces += [body[at : match.start()], self._with_style(match, looks.pop(column))]
                at = match.end()
        pieces.append(body[at:end])
        pieces += [self._new_cell(row.number, c, looks[c], row.attributes) for c in sorted(looks)]
        return b"".join((*pieces, body[end:]))

    def _with_style(self, match: re.Match[bytes], look: Look) -> bytes:
        style = look(_style(match[1]))
        tag = match[0]
        if _STYLE.search(match[1]):
            return _STYLE.sub(rb'\g<1>"%d"' % style, tag, count=1)
        name = len(self._p) + 2
        return tag[:name] + b' s="%d"' % style + tag[name:]

    def _new_cell(self, row: int, column: int, look: Look, attributes: bytes) -> bytes:
        style = look(self._inherited(attributes, column))
        place = f"{column_letters(column)}{row}".encode()
        return b'<%bc r="%b" s="%d"/>' % (self._p, place, style)

    def _inherited(self, row: bytes, column: int) -> int:
        """The style an empty cell shows: its row's, else its column's."""
        if _attributes(row).get(b"customFormat") in (b"1", b"true"):
            return _style(row)
        if column not in self._of_columns:
            self._of_columns[column] = self._of_column(column)
        return self._of_columns[column]

    def _of_column(self, column: int) -> int:
        tag = re.compile(rb"<" + re.escape(self._p) + rb"col(?=\s)" + _ATTRIBUTES)
        for found in tag.finditer(self.head):
            match = {k: v.decode("ascii", "replace") for k, v in _attributes(found[1]).items()}
            first, last = whole_number(match.get(b"min")), whole_number(match.get(b"max"))
            if first <= column <= last:
                return whole_number(match.get(b"style"))
        return 0


def _simple(content: bytes) -> bytes:
    """The part in UTF-8 without comments, CDATA and DTD: what stands in angle brackets is a tag."""
    is_plain = b"!" not in content or b"<!" not in content  # of a large sheet one sign is soon said
    if is_plain and content[:1] == b"<" and not _OTHER_ENCODING.match(content):
        return content
    if is_plain and content.startswith(b"\xef\xbb\xbf<"):
        return content[3:]
    try:
        root = parse_xml(content)
    except Unreadable as fault:
        raise NotEditable("部件损坏") from fault
    etree.strip_tags(root, etree.Comment, etree.ProcessingInstruction)
    plain = written_out(root)
    return plain


def _attributes(match: bytes) -> dict[bytes, bytes]:
    return {m[1]: m[2] if m[2] is not None else m[3] for m in _ATTRIBUTE.finditer(match)}


def _number_of_row(attributes: bytes, otherwise: int) -> int:
    reference = _attributes(attributes).get(b"r", b"").decode("ascii", "replace")
    return whole_number(reference, otherwise)


def _style(attributes: bytes) -> int:
    return whole_number(_attributes(attributes).get(b"s", b"").decode("ascii", "replace"))
