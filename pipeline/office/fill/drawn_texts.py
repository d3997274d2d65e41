"""Texts in charts and text boxes of a workbook: what an official typed into them is Jinja2 as in a cell."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from pipeline.office.characters import printable
from pipeline.office.fill.expressions import Place, Text, View
from pipeline.office.xmlparts import written_out
from pipeline.programme import ProgrammeFault

_DRAWN = "http://schemas.openxmlformats.org/drawingml/2006/main"


@dataclass(frozen=True)
class InDrawing(Place):
    """A text in a chart or a text box; `cell` is the text itself."""

    def fault(self, why: str) -> ProgrammeFault:
        """What is wrong there, for the one who drew it."""
        return ProgrammeFault(self.file, None, f"图表或文本框里的“{self.cell}”写法有误（{why}）")


def paragraphs(root: Any) -> Iterable[tuple[str, list[Any]]]:
    """Every paragraph that holds a tag: its text, and the runs it is made of."""
    for paragraph in root.iter(f"{{{_DRAWN}}}p"):
        runs = list(paragraph.iter(f"{{{_DRAWN}}}t"))
        text = "".join(run.text or "" for run in runs)
        if "{{" in text or "{%" in text:
            yield text, runs


def fill_texts(root: Any, view: View, place: InDrawing) -> bool:
    """Fills the tags in, in the looks of the first run of each paragraph; whether there were any."""
    found = False
    for text, runs in paragraphs(root):
        at = InDrawing(place.file, place.sheet, text)
        runs[0].text = printable(Text(text, at).value(view))
        for run in runs[1:]:
            whole = run.getparent()
            whole.getparent().remove(whole)
        found = True
    return found


def written(root: Any) -> bytes:
    """The part as it stands in the package."""
    return written_out(root)
