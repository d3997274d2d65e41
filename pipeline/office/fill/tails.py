"""What stands around the rows of a sheet (merges, drop-downs, conditional formats, breaks …), moved along."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from copy import deepcopy
from typing import Any

from lxml import etree

from pipeline.office.fill.moves import Copy, Moves, moved
from pipeline.office.fill.plan import Repeated, Segment
from pipeline.office.places import area
from pipeline.office.xmlparts import written_out
from pipeline.values import column_letters

# emptied of its areas such an element says nothing
_GONE_WITH_AREA = frozenset(
    {"conditionalFormatting", "dataValidation", "hyperlink", "ignoredError", "protectedRange"}
)
_FORMULAS = frozenset({"formula", "formula1", "formula2", "f"})
_OWN_REF = frozenset({"autoFilter", "sortState", "sortCondition", "hyperlink"})


def move_around(
    sheet: Any, name: str, moves: Mapping[str, Moves], segments: Sequence[Segment]
) -> None:
    """Moves, in a worksheet element, all that is told by rows; rows themselves are not looked at."""
    own = moves[name]
    for dimension in sheet.findall("{*}dimension"):
        sheet.remove(dimension)
    _merges(sheet, own, segments)
    for group in list(sheet.iter("{*}sparklines")):
        _sparklines(group, name, moves, segments)
    for element in list(sheet.iter(etree.Element)):
        kind = etree.QName(element).localname
        if kind in ("c", "row", "sheetData", "mergeCell", "sparkline"):
            continue
        _areas(element, kind, own)
        if kind in _FORMULAS and element.text and not _in_sparkline(element):
            element.text = moved(element.text, name, moves)
        if kind == "hyperlink" and element.get("location"):
            element.set("location", moved(element.get("location"), name, moves))
        if kind == "brk" and etree.QName(element.getparent()).localname == "rowBreaks":
            element.set("id", str(own.start(int(element.get("id") or 0) + 1) - 1))
    move_anchors(sheet, own)
    _count(sheet)


def _areas(element: Any, kind: str, own: Moves) -> None:
    attribute = "sqref" if element.get("sqref") is not None else "ref" if kind in _OWN_REF else ""
    written = element.get(attribute) if attribute else element.text if kind == "sqref" else None
    if not written or (kind == "sqref" and _in_sparkline(element)):
        return
    areas = own.areas(written)
    if areas and attribute:
        element.set(attribute, areas)
    elif areas:
        element.text = areas
    elif kind in _GONE_WITH_AREA:
        element.getparent().remove(element)
    elif kind == "sqref":
        whole = element.getparent()
        whole.getparent().remove(whole)


def _in_sparkline(element: Any) -> bool:
    parent = element.getparent()
    return parent is not None and etree.QName(parent).localname == "sparkline"


def _merges(sheet: Any, own: Moves, segments: Sequence[Segment]) -> None:
    """Merges of a repeated row stand on each copy; others reach from their first row to their last."""
    whole = sheet.find("{*}mergeCells")
    if whole is None:
        return
    copies = _copies(segments)
    for merge in list(whole):
        top, left, bottom, right = area(merge.get("ref"))
        whole.remove(merge)
        if top in copies:
            spans = [(at, at + bottom - top) for at in copies[top]]
        else:
            span = own.span(top, bottom)
            spans = [span] if span else []
        for first, last in spans:
            if (first, left) != (last, right):
                ref = f"{column_letters(left)}{first}:{column_letters(right)}{last}"
                etree.SubElement(whole, merge.tag, ref=ref)


def _copies(segments: Sequence[Segment]) -> dict[int, list[int]]:
    """Of each row that may be repeated, where its copies stand."""
    found: dict[int, list[int]] = {}
    at = 1
    for segment in segments:
        if isinstance(segment, Repeated):
            for row in segment.variants:
                found.setdefault(row.number, [])
            for n, (row, _) in enumerate(segment.lines, at):
                found[row.number].append(n)
        at += segment.rows
    return found


def _sparklines(
    group: Any, name: str, moves: Mapping[str, Moves], segments: Sequence[Segment]
) -> None:
    """A sparkline in a repeated row is drawn on each copy."""
    copies = _copies_of_all(segments)
    for line in list(group):
        target, source = line.find("{*}sqref"), line.find("{*}f")
        if target is None or not target.text:
            continue
        top, left, _, _ = area(target.text.split()[0])
        places = copies(top)
        for at in places if places is not None else [moves[name].start(top)]:
            twin = deepcopy(line)
            twin.find("{*}sqref").text = f"{column_letters(left)}{at}"
            if source is not None and source.text:
                copy = Copy(top, at) if places is not None else None
                twin.find("{*}f").text = moved(source.text, name, moves, copy)
            line.addprevious(twin)
        group.remove(line)


def _copies_of_all(segments: Sequence[Segment]) -> Any:
    repeated = _copies(segments)
    at = 1
    for segment in segments:
        if not isinstance(segment, Repeated) and segment.row.over:
            repeated[segment.row.number] = range(at, at + segment.rows)  # type: ignore[assignment]
        at += segment.rows
    return repeated.get


def move_anchors(root: Any, own: Moves) -> None:
    """Pictures, charts, text boxes and buttons below a list move down with what they stand beside."""
    for start in root.iter("{*}from"):
        row = start.find("{*}row")
        if row is None or not (row.text or "").strip().isdigit():
            continue
        drawn = int(row.text)
        shift = own.start(drawn + 1) - 1 - drawn
        for end in (start, *start.itersiblings("{*}to")):
            row_element = end.find("{*}row")
            if row_element is not None:
                row_element.text = str(int(row_element.text) + shift)


def _count(sheet: Any) -> None:
    """Groups left empty go; the others say how many they hold."""
    for kind in ("mergeCells", "dataValidations", "hyperlinks", "ignoredErrors", "sparklines"):
        for whole in list(sheet.iter(f"{{*}}{kind}")):
            if not len(whole):
                _remove(whole)
            elif whole.get("count") is not None:
                whole.set("count", str(len(whole)))


def _remove(element: Any) -> None:
    """Takes an element out, and what stood around nothing else."""
    parent = element.getparent()
    parent.remove(element)
    children = [c for c in parent if etree.QName(c).localname != "colorSeries"]
    if parent.getparent() is not None and (
        not children or etree.QName(parent).localname == "sparklineGroup"
    ):
        _remove(parent)


def xml_around(sheet: Any) -> tuple[bytes, bytes]:
    """The XML of a sheet before its rows and behind them."""
    data = sheet.find("{*}sheetData")
    for row in list(data):
        data.remove(row)
    data.text = "\n\n"
    whole = written_out(sheet)
    before, after = _parted(whole)
    return before, after


def _parted(whole: bytes) -> tuple[bytes, bytes]:
    at = whole.index(b"sheetData>\n\n</") + len(b"sheetData>")
    return whole[:at], whole[at:].lstrip(b"\n")
