"""The zip package of Office formats: parts found by name as programs of all kinds write them, each read once."""

from __future__ import annotations

import io
import posixpath
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import unquote

from pipeline.limits import LIMITS, Limits
from pipeline.office.unreadable import Unreadable
from pipeline.office.xmlparts import parse_xml

_DAMAGED = "文件已损坏，或没有传完整"
_KINDS = {
    kind.lower(): kind
    for kind in (
        "officeDocument",
        "worksheet",
        "sharedStrings",
        "styles",
        "chartsheet",
        "drawing",
        "vmlDrawing",
    )
}
_SMALL = 4096  # bytes: a file smaller than this may unpack as one of this size


@dataclass(frozen=True)
class Relation:
    """What one part says of another: `kind` is the last word of its type, `target` a part's name."""

    id: str
    kind: str
    target: str


class Package:
    """The parts of a zip package, by names without regard to case, backslash or leading slash.

    Raises Unreadable where the bytes are no zip (F01) or unpack to more than may be read (F05);
    sizes are those found when unpacking, whatever the directory says.
    """

    def __init__(self, content: bytes, limits: Limits = LIMITS) -> None:
        try:
            self._zip = zipfile.ZipFile(io.BytesIO(content))
            infos = [i for i in self._zip.infolist() if not i.filename.endswith(("/", "\\"))]
        except Exception as fault:  # zipfile raises a dozen kinds on damaged files
            raise Unreadable("F01", _DAMAGED) from fault
        self._left = min(limits.unpacked, limits.ratio * max(len(content), _SMALL))
        if any(i.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED) for i in infos):
            raise Unreadable("F01", "不是正常的 Office 文件")  # others unpack without bounds
        if sum(i.file_size for i in infos) > self._left:
            raise _too_large()
        self._infos = {_plain(i.filename): i for i in reversed(infos)}
        self._by_folded = {name.lower(): name for name in self._infos}
        self._parts: dict[str, bytes] = {}
        self._relations: dict[str, tuple[Relation, ...]] = {}
        self.names = tuple(reversed(self._infos))  # in the archive's order

    def __contains__(self, name: str) -> bool:
        return _plain(name).lower() in self._by_folded

    def part(self, name: str) -> bytes:
        """A part's bytes; nothing where there is none. Raises Unreadable where it is damaged."""
        found = self._by_folded.get(_plain(name).lower())
        if found is None:
            return b""
        if found not in self._parts:
            self._parts[found] = self._unpacked(self._infos[found])
        return self._parts[found]

    def let_go(self, name: str) -> None:
        """Forgets the bytes of a part that will not be asked for again."""
        self._parts.pop(self._by_folded.get(_plain(name).lower(), ""), None)

    def xml(self, name: str) -> Any:
        """The root element of a part; None where there is none. Raises Unreadable."""
        content = self.part(name)
        return parse_xml(content) if content else None

    def relations(self, part: str = "") -> tuple[Relation, ...]:
        """What a part (or the package itself) relates to inside the package, in the file's order."""
        if part not in self._relations:
            self._relations[part] = tuple(self._found_relations(_plain(part)))
        return self._relations[part]

    def _found_relations(self, part: str) -> Iterator[Relation]:
        folder = posixpath.dirname(part)
        root = self.xml(relations_of(part))
        return (
            Relation(
                relation.get("Id", ""),
                _kind(relation.get("Type", "")),
                self._target(folder, relation.get("Target", "")),
            )
            for relation in (() if root is None else root.iter("{*}Relationship"))
            if relation.get("TargetMode", "") != "External"
        )

    def related(self, part: str, kind: str) -> str:
        """The first existing part that `part` relates to as `kind` (`styles`), or nothing."""
        found = (r.target for r in self.relations(part) if r.kind == kind and r.target in self)
        return next(found, "")

    def _target(self, folder: str, target: str) -> str:
        """The name of the part a relation points to, as the standard says, else as some programs mean it."""
        target = target.partition("#")[0]
        meant = _resolved(folder, target)
        tries = (meant, _resolved(folder, unquote(target)), _resolved("", target))
        return next((name for name in tries if name in self), meant)

    def _unpacked(self, info: zipfile.ZipInfo) -> bytes:
        try:
            with self._zip.open(info) as stream:
                content = stream.read(self._left + 1)
        except Exception as fault:  # zipfile, zlib, lzma and bz2 raise their own
            if isinstance(fault, MemoryError):
                raise
            raise Unreadable("F01", _DAMAGED) from fault
        self._left -= len(content)
        if self._left < 0:
            raise _too_large()
        return content


def is_zip(content: bytes) -> bool:
    """Whether bytes begin as a zip does; a text may begin with the letters PK too."""
    return content.startswith(b"PK") and content[2:3] < b" "


def relations_of(part: str) -> str:
    """The part that says what `part` relates to."""
    folder, name = posixpath.split(part)
    return posixpath.join(folder, "_rels", f"{name}.rels")


def _too_large() -> Unreadable:
    return Unreadable("F05", "展开后过大，可能有大量空行空列，或不是正常的表格")


def _kind(address: str) -> str:
    """The last word of a relation's type, spelled as the standard spells it."""
    word = address.rstrip("/").rsplit("/", 1)[-1]
    return _KINDS.get(word.lower(), word)


def _plain(name: str) -> str:
    """`\\xl\\workbook.xml`, `/xl/workbook.xml` and `./xl/workbook.xml` are xl/workbook.xml."""
    return name.replace("\\", "/").removeprefix("./").lstrip("/")


def _resolved(folder: str, target: str) -> str:
    """A relation's target as a part's name."""
    target = target.replace("\\", "/")
    whole = target if target.startswith("/") else posixpath.join("/", folder, target)
    return posixpath.normpath(whole).lstrip("/")
