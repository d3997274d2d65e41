"""What the cells of the filled workbooks say, noted while they are filled; cells.csv lists the figures."""

from __future__ import annotations

from typing import Any, NamedTuple

from pipeline.model.papers import Papers
from pipeline.office.fill import BESIDE, WORKED_OUT, Cite, Source
from pipeline.render.safe_csv import write_csv

COLUMNS = ("file", "sheet", "cell", "value", "unit", "level", "indicator", "scope", "measure", "detail")  # fmt: skip


class Citation(NamedTuple):
    """One cell: what was written there, and which figure it says; BESIDE where it says none itself,
    WORKED_OUT where a formula stands."""

    file: str
    sheet: str
    cell: str
    value: Any
    source: Source

    @property
    def says_figure(self) -> bool:
        """Whether the number is a figure's own."""
        return self.source not in (BESIDE, WORKED_OUT)


class Citations:
    """The cells noted so far.

    A source is (unit, level, indicator, scope, measure, detail); an indicator of '' is all of them,
    level `own` what a prefecture filed itself. Measures: those of figures.csv, `rate`, `status`, `expected`
    (序时进度), `least` and `most` of coverage.csv, the steps of the bridge (`bridge:filed` …), `breakdown` and
    `outcome` (detail: dimension=value; `breakdown:share`: of all), `amount:median` …, `month:persons` and
    `month:counted` (detail: the month), `filings:due` …, and `findings:cells` (detail: the rule).
    """

    def __init__(self) -> None:
        self.noted: list[Citation] = []

    def of(self, file: str) -> Cite:
        """What the filler of one workbook tells its cells to."""

        def cite(sheet: str, cell: str, value: Any, source: Source) -> None:
            self.noted.append(Citation(file, sheet, cell, value, source))

        return cite

    def write(self, papers: Papers) -> None:
        """Writes data/cells.csv: the cells that say a number of a figure."""
        import pyarrow as pa

        lines = [
            (c.file, c.sheet, c.cell, float(c.value), *c.source)
            for c in self.noted
            if c.says_figure and isinstance(c.value, int | float)
        ]
        columns = list(zip(*lines, strict=True)) or [()] * len(COLUMNS)
        table = pa.table(
            {
                n: pa.array(c, pa.float64() if n == "value" else pa.string())
                for n, c in zip(COLUMNS, columns, strict=True)
            }
        )
        with papers.open("data/cells.csv", "本单位", private=False) as stream:
            write_csv(table, stream)
