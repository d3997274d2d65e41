"""Word papers opened again, in a worker: numbers, directions and names that the figures do not bear out."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

from pipeline.limits import LIMITS, Limits
from pipeline.model.papers import Papers
from pipeline.readback.disagreement import Disagreement
from pipeline.readback.grids import chart_faults, is_of_units, table_faults
from pipeline.readback.month_facts import Facts
from pipeline.readback.seen import SeenPaper, see
from pipeline.readback.sentences import faults_in
from pipeline.workers import Apart, Died

_SHOWN, _MOST = 18, 5


def read_back_words(
    names: Iterable[str], papers: Papers, facts: Facts, limits: Limits = LIMITS
) -> None:
    """Holds the named papers, those of them that were written, against the facts. Raises Disagreement."""
    written = {entry["path"] for entry in papers.written}
    files = [papers.place(name) for name in names if name in written]
    with Apart(see, limits, workers=1) as apart:
        seen = {file.name: paper for file, paper in apart(files)}
    for file in files:
        paper = seen[file.name]
        if isinstance(paper, Died):
            raise Disagreement(f"{file.name} 写成后打不开（{paper.reason}），没有交付。请检查模板")
        if faults := list(faults_of(paper, facts)):
            raise Disagreement(_said(file, faults))


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


def _said(file: Path, faults: list[str]) -> str:
    rest = f"；另有 {len(faults) - _MOST} 处" if len(faults) > _MOST else ""
    return (
        f"{file.name} 写出的与数据不符，没有交付：{'；'.join(faults[:_MOST])}{rest}。"
        "多半是改模板时改动了标签，请改回"
    )
