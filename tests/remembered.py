"""What the formulas of a workbook are remembered to come to, as a reader finds it that works nothing out."""

from __future__ import annotations

import io
import math
import re
import zipfile
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from lxml import etree

from pipeline.office.package import Package

_RESULT = re.compile(rb'(?: t="\w+")?>(<f[^>]*>[^<]*</f>)<v>[^<]*</v>')
Remembered = Mapping[tuple[str, str], Any]  # by sheet and cell; None where nothing is


class Shown(NamedTuple):
    """What one formula cell remembers."""

    kind: str
    value: str


def remembered(content: bytes) -> dict[tuple[str, str], Shown | None]:
    """By sheet and cell of each formula what it is remembered to come to; None where nothing is."""
    return dict(_remembered(content))


def _remembered(content: bytes) -> Iterator[tuple[tuple[str, str], Shown | None]]:
    package = Package(content)
    book = package.related("", "officeDocument")
    texts = package.related(book, "sharedStrings")
    shared = ["".join(si.itertext()) for si in package.xml(texts).iter("{*}si")] if texts else []
    targets = {r.id: r.target for r in package.relations(book)}
    for sheet in package.xml(book).iter("{*}sheet"):
        part = next(targets[v] for k, v in sheet.attrib.items() if k.endswith("}id"))
        if b"<f" not in package.part(part):
            continue
        for cell in etree.fromstring(package.part(part)).iter("{*}c"):
            if cell.find("{*}f") is None:
                continue
            kind, value = cell.get("t", "n"), cell.find("{*}v")
            text = None if value is None else value.text or ""
            if kind == "s" and text is not None:
                kind, text = "str", shared[int(text)]
            yield (sheet.get("name"), cell.get("r")), None if text is None else Shown(kind, text)


def forgotten(content: bytes) -> bytes:
    """The workbook without what its formulas are remembered to come to: whoever opens it works them out."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as source, zipfile.ZipFile(out, "w") as made:
        for name in source.namelist():
            part = source.read(name)
            made.writestr(name, _RESULT.sub(rb">\1", part) if "/worksheets/sheet" in name else part)
    return out.getvalue()


def differing(own: bytes, other: bytes) -> list[tuple[tuple[str, str], Shown | None, Shown | None]]:
    """Where a workbook remembers something, and another of the same formulas something else."""
    theirs = remembered(other)
    return [
        (place, shown, theirs.get(place))
        for place, shown in remembered(own).items()
        if shown is not None and not _same(shown, theirs.get(place))
    ]


def _same(one: Shown, other: Shown | None) -> bool:
    if other is None or one.kind != other.kind:
        return one.value == "" and other is None
    if one.kind == "n":
        return math.isclose(float(one.value), float(other.value), rel_tol=1e-12, abs_tol=1e-15)
    return one.value == other.value
