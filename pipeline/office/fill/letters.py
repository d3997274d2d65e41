"""Word papers from Word templates: the Jinja2 tags an official typed into them, prepared once by
docxtpl, filled in as often as there are letters; all other parts go along as they lie there."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from jinja2 import StrictUndefined, Template, TemplateError
from jinja2.sandbox import SandboxedEnvironment
from lxml import etree

from pipeline.office.characters import printable
from pipeline.office.fill.letter_charts import DrawnChart, drawn_charts, filled_chart
from pipeline.office.fill.properties import author_parts
from pipeline.office.package import Package
from pipeline.office.unreadable import Unreadable
from pipeline.office.xmlparts import written_out
from pipeline.office.zipped import Packed, in_one, packed, packed_parts
from pipeline.programme import ProgrammeFault

_FILLED = ("header", "footer", "footnotes", "endnotes")
_GRID_CHANGES = re.compile(r"\{%-?\s*(tc|colspan|hm)\s")  # tags that make or unmake columns
_PICTURE_ID = re.compile(r'(<wp:docPr\b[^>]*?\sid=")\d+')
_UNDOUBLED = (("{_{", "{{"), ("}_}", "}}"), ("{_%", "{%"), ("%_}", "%}"))


def fill_letter(template: Path, view: Mapping[str, Any]) -> bytes:
    """The letter with every tag filled in. Raises ProgrammeFault, naming the template."""
    letter = _opened(template)
    made = {
        name: packed(name, _rendered(prepared, view, template))
        for name, prepared in letter.prepared.items()
    }
    for chart in letter.charts:
        made |= {n: packed(n, content) for n, content in filled_chart(chart, view).items()}
    office = str(view.get("office", ""))
    made |= {
        name: packed(name, content)
        for name, content in author_parts(letter.package, office).items()
        if content is not None
    }
    return in_one(made.get(name, part) for name, part in letter.parts.items())


def paragraphs_of(template: Path) -> Iterator[tuple[str, list[str]]]:
    """The parts of a Word template that hold text, each with the text of its paragraphs in order.
    Raises ProgrammeFault."""
    try:
        package = Package(template.read_bytes())
    except (OSError, Unreadable, zipfile.BadZipFile):
        raise ProgrammeFault(template, None, "找不到这个模板，或它不是 .docx 文件") from None
    document = package.related("", "officeDocument")
    names = [document, *(r.target for r in package.relations(document) if r.kind in _FILLED)]
    for name in (n for n in dict.fromkeys(names) if n in package):
        found = package.xml(name).iter("{*}p")
        yield name, ["".join(t.text or "" for t in p.iter("{*}t")) for p in found]


@dataclass(frozen=True)
class _Prepared:
    """One part with tags: compiled, and whether its tables may change their columns."""

    template: Template
    changes_grid: bool


@dataclass(frozen=True)
class _Letter:
    """A template taken apart once."""

    package: Package
    parts: Mapping[str, Packed]
    prepared: Mapping[str, _Prepared]
    charts: tuple[DrawnChart, ...]


def _opened(file: Path) -> _Letter:
    try:
        state = file.stat()
        return _taken_apart(file, state.st_mtime_ns, state.st_size)
    except (OSError, Unreadable, zipfile.BadZipFile):
        raise ProgrammeFault(file, None, "找不到这个模板，或它不是 .docx 文件") from None
    except TemplateError as fault:
        raise _fault(file, fault) from None


@lru_cache(maxsize=32)
def _taken_apart(file: Path, changed: int, size: int) -> _Letter:
    content = file.read_bytes()
    package = Package(content)
    document = package.related("", "officeDocument")
    if not document or package.xml(document).tag.rpartition("}")[2] != "document":
        raise Unreadable("F01", "不是 Word 文件")
    names = [document, *(r.target for r in package.relations(document) if r.kind in _FILLED)]
    environment = SandboxedEnvironment(
        undefined=StrictUndefined, autoescape=True, finalize=_printable, optimized=False
    )
    prepared = {
        name: _prepared(package.xml(name), environment)
        for name in dict.fromkeys(names)
        if name in package
    }
    charts = drawn_charts(package, document, file)
    return _Letter(package, packed_parts(content), prepared, charts)


def _prepared(root: Any, environment: SandboxedEnvironment) -> _Prepared:
    from docxtpl import DocxTemplate

    source = etree.tostring(root, encoding="unicode")
    patched = DocxTemplate("").patch_xml(source)
    return _Prepared(environment.from_string(patched), bool(_GRID_CHANGES.search(source)))


def _printable(value: Any) -> Any:
    return printable(value) if isinstance(value, str) else value


def _rendered(prepared: _Prepared, view: Mapping[str, Any], file: Path) -> bytes:
    from docxtpl import DocxTemplate

    try:
        xml = prepared.template.render(view)
    except TemplateError as fault:
        raise _fault(file, fault) from None
    for doubled, sign in _UNDOUBLED:
        xml = xml.replace(doubled, sign)
    if "\n" in xml or "\t" in xml:  # line ends in a text become line ends in Word
        xml = DocxTemplate("").resolve_listing(xml)
    if "<wp:docPr" in xml:
        numbers = iter(range(1001, 1_000_000))
        xml = _PICTURE_ID.sub(lambda m: f"{m[1]}{next(numbers)}", xml)
    try:
        root = etree.fromstring(xml)
    except etree.XMLSyntaxError as fault:
        raise ProgrammeFault(file, None, "模板中的标签跨过了段落或表格的边界，请检查") from fault
    if prepared.changes_grid:
        root = DocxTemplate("").fix_tables(xml)
    return written_out(root)


def _fault(file: Path, fault: TemplateError) -> ProgrammeFault:
    return ProgrammeFault(file, None, f"模板中的标签写法有误（{fault.message}）")
