"""What one file says, as filed: its rosters column by column, and the papers beside them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date

from pipeline.model.filed import Submission
from pipeline.model.findings import Issue, Status


@dataclass(frozen=True)
class Table:
    """One roster as filed: `texts` and `types` hold a column each under the field's name.

    `rows` are Excel rows, `units` each row's reporting unit; `letters` and `headers` say where a
    field's column is and how its header reads (`D+2`: two rows below the person's, see model.cell_at).
    """

    sheet: str
    kind: str
    rows: list[int] = field(repr=False)
    texts: Mapping[str, list[str]] = field(repr=False)
    types: Mapping[str, list[str]] = field(repr=False)
    letters: Mapping[str, str]
    headers: Mapping[str, str]
    units: list[str] = field(repr=False)
    filed_on: date | None = None
    nil: bool = False  # says 零报告: files and supersedes without a row
    unit: str = ""  # whose it is as a whole; a bundle says it row by row
    nobody: Mapping[str, bool] = field(
        default_factory=dict
    )  # unit of a line that says so: 零报告 or not
    unchanged: bool = False  # says 本月无新增: files and supersedes nothing

    def only(self, kept: Sequence[int]) -> Table:
        """The same table with these of its rows alone, counted from 0."""
        return replace(
            self,
            rows=[self.rows[at] for at in kept],
            texts={n: [texts[at] for at in kept] for n, texts in self.texts.items()},
            types={n: [types[at] for at in kept] for n, types in self.types.items()},
            units=[self.units[at] for at in kept],
        )


@dataclass(frozen=True)
class Filed:
    """Everything one file said. `status` is what reading alone can know.

    `lines` are those of the declared tables that are complete as read: stated, targets, narratives,
    judgements, references, reference_lines, sent_back.
    """

    file: Submission
    status: Status
    period: str = ""
    reason: str = ""
    tables: tuple[Table, ...] = ()
    lines: Mapping[str, list[dict[str, object]]] = field(default_factory=dict)
    issues: tuple[Issue, ...] = ()
    units: tuple[str, ...] = ()
    refused_rows: int = 0  # rows of sheets that could not be taken in whole
    ancestors: tuple[str, ...] = ()  # digests of the files it was made from, the newest first

    @property
    def rows_read(self) -> int:
        """Every row that names a person, taken in or not."""
        return sum(len(t.rows) for t in self.tables) + self.refused_rows
