"""cells.csv: which cell of a filled workbook says which figure, noted while it is filled."""

from __future__ import annotations

from typing import Any

from pipeline.model.papers import Papers
from pipeline.office.fill import DRAWN, Cite
from pipeline.render.safe_csv import write_csv

COLUMNS = (
    "file",
    "sheet",
    "cell",
    "value",
    "unit",
    "level",
    "indicator",
    "scope",
    "measure",
    "detail",
)


class Citations:
    """The cells noted so far.

    A source is (unit, level, indicator, scope, measure, detail); an indicator of '' is all of them,
    level `own` what a prefecture filed itself. Measures: those of figures.csv, `rate`, the steps of the
    bridge (`bridge:filed` …) and `breakdown` (detail: dimension=value).
    """

    def __init__(self) -> None:
        self._lines: list[tuple[Any, ...]] = []

    def of(self, file: str) -> Cite:
        """What the filler of one workbook tells its cells to."""

        def cite(sheet: str, cell: str, value: Any, source: tuple[str, ...]) -> None:
            if source != DRAWN:
                self._lines.append((file, sheet, cell, float(value), *source))

        return cite

    def write(self, papers: Papers) -> None:
        """Writes data/cells.csv."""
        import pyarrow as pa

        columns = list(zip(*self._lines, strict=True)) or [()] * len(COLUMNS)
        table = pa.table(
            {
                n: pa.array(c, pa.float64() if n == "value" else pa.string())
                for n, c in zip(COLUMNS, columns, strict=True)
            }
        )
        with papers.open("data/cells.csv", "本单位", private=False) as stream:
            write_csv(table, stream)
