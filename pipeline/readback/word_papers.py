"""Word papers opened again, in a worker: numbers, directions and names that the figures do not bear out."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from pipeline.limits import LIMITS, Limits
from pipeline.model.papers import Papers
from pipeline.readback.disagreement import Disagreement
from pipeline.readback.grids import chart_faults, is_of_units, letter_faults, table_faults
from pipeline.readback.month_facts import Facts
from pipeline.readback.seen import SeenPaper, see
from pipeline.readback.sentences import faults_in
from pipeline.workers import Apart, Died

_SHOWN, _MOST = 18, 5
_LETTER = re.compile(r"[^/]+/\d{6}_([^/]+)/[^/]+\.docx")


def read_back_words(
    names: Iterable[str], papers: Papers, facts: Facts, limits: Limits = LIMITS
) -> None:
    """Holds the named papers, and the letters to units, against the facts. Raises Disagreement."""
    named = tuple(names)
    paths = [e["path"] for e in papers.written if e["path"] in named or _unit_of(e["path"])]
    with Apart(see, limits, workers=1) as apart:
        seen = dict(apart([papers.place(path) for path in paths]))
    for path in paths:
        paper = seen[papers.place(path)]
        if isinstance(paper, Died):
            raise Disagreement(f"{path} 写成后打不开（{paper.reason}），没有交付。请检查模板")
        unit = _unit_of(path)
        if faults := list(_letter_faults(paper, unit, facts) if unit else faults_of(paper, facts)):
            raise Disagreement(_in_words(path, faults))


def _unit_of(path: str) -> str:
    """The unit a letter is for, by its folder: 退回/220122_农安县/退回通知.docx; '' of other papers."""
    match = _LETTER.fullmatch(path)
    return match[1] if match else ""


def _letter_faults(paper: SeenPaper, unit: str, facts: Facts) -> Iterator[str]:
    for table in paper.tables:
        for fault in letter_faults(table, unit, facts):
            yield f"表格 {table.number}：{fault}"


def faults_of(paper: SeenPaper, facts: Facts) -> Iterator[str]:
    """Everything in a paper that the facts do not bear out, with its place."""
    for paragraph in paper.paragraphs:
        for fault in faults_in(paragraph.text, facts):
            yield f"第 {paragraph.number} 段“{paragraph.text[:_SHOWN]}……”：{fault}"
    for table in paper.tables:
        for row, fault in table_faults(table, facts):
            yield f"表格 {table.number} 第 {row} 行：{fault}"
        if not is_of_units(table, facts):
            for number, row_texts in enumerate(table.rows, 1):
                for text in dict.fromkeys(row_texts):
                    for fault in faults_in(text, facts):
                        yield f"表格 {table.number} 第 {number} 行：{fault}"
    for chart in paper.charts:
        for fault in chart_faults(chart, facts):
            yield f"图 {chart.number}：{fault}"


def _in_words(path: str, faults: list[str]) -> str:
    rest = f"；另有 {len(faults) - _MOST} 处" if len(faults) > _MOST else ""
    return (
        f"{path} 写出的与数据不符，没有交付：{'；'.join(faults[:_MOST])}{rest}。"
        "多半是改模板时改动了标签，请改回"
    )
