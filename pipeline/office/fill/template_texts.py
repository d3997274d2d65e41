"""What an official typed into a template, piece by piece with its place: cells, paragraphs, lines."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from pipeline.office.fill.drawn_texts import paragraphs
from pipeline.office.fill.letters import paragraphs_of
from pipeline.office.fill.template import opened
from pipeline.office.fill.used_names import Bound

_WORD_TAGS = re.compile(r"(\{[{%])(-?)\s*(?:p|tr|tc|r)(?=[\s-])")


@dataclass(frozen=True)
class Typed:
    """A text with tags. `where` names the place of its first line, with {line} for its number."""

    text: str
    where: str
    bound: Bound = field(default_factory=dict)
    lines: tuple[str, ...] = ()  # the words of each line, where a line is a paragraph

    def place(self, line: int) -> str:
        """Where a line of it stands, for the one who wrote it."""
        place_in_words = self.where.format(line=line)
        if self.lines and 0 < line <= len(self.lines):
            place_in_words += f"“{self.lines[line - 1].strip()[:24]}”"
        return place_in_words


def typed_in(template: Path) -> Iterator[Typed]:
    """Every text with tags in a template of any kind. Raises ProgrammeFault where it cannot be opened."""
    if template.suffix == ".xlsx":
        yield from _of_workbook(template)
    elif template.suffix == ".docx":
        yield from _of_letter(template)
    else:
        yield Typed(template.read_text(encoding="utf-8-sig"), "第 {line} 行")


def _of_workbook(template: Path) -> Iterator[Typed]:
    drawn = opened(template)
    for sheet in drawn.sheets:
        for row in sheet.rows:
            over = row.over
            bound: Bound = {}
            if over:
                at = f"工作表“{sheet.name}”第 {row.number} 行"
                yield Typed("{{" + over.as_written + "}}", at)
                bound = {over.variable: f"{over.as_written}[]"}
                if over.when:
                    yield Typed("{{" + over.when + "}}", at, bound)
            for cell in row.cells:
                if cell.source:
                    yield Typed(cell.source, f"工作表“{sheet.name}”单元格 {cell.letters}{row.number}", bound)  # fmt: skip
    for part in drawn.parts:
        if part.startswith(("xl/charts/", "xl/drawings/")) and part.endswith(".xml"):
            for text, _ in paragraphs(drawn.package.xml(part)):
                yield Typed(text, "图表或文本框")


def _of_letter(template: Path) -> Iterator[Typed]:
    for part, lines in paragraphs_of(template):
        text = "\n".join(_WORD_TAGS.sub(r"\1\2", line) for line in lines)
        where = "第 {line} 段" if part.endswith("document.xml") else "页眉、页脚或脚注第 {line} 段"
        if "{{" in text or "{%" in text:
            yield Typed(text, where, {}, tuple(lines))
