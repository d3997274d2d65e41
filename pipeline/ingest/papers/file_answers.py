"""Which of two files stands, as a clerk answered: the sheet 选文件 of 待裁定.xlsx as it comes back."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from pipeline.ingest.lexicon import Lexicon
from pipeline.ingest.papers.paper import Book, Lines, Paper
from pipeline.ingest.whose import frame_lines
from pipeline.model import Grid, Issue
from pipeline.periods import period_in
from pipeline.values import column_letters, compact

_DEEPEST = 10
_ASKED = frozenset({"文件甲", "文件乙", "采用"})
_HEADERS = Lexicon({*_ASKED, "理由", "裁定人", "核对码"})
_VERDICTS = {
    "采用甲": "a", "甲": "a", "采用乙": "b", "乙": "b", "两份都算": "both", "都算": "both",
}  # fmt: skip
_DIGEST = re.compile(r"[0-9a-f]{64}")


def read(book: Book) -> Paper | None:
    """The answers of every sheet that asks which of two files stands; None where none does."""
    lines: Lines = []
    issues: list[Issue] = []
    asked = False
    for grid in book.grids:
        for row in range(1, min(grid.last_row, _DEEPEST) + 1):
            columns = {_HEADERS.find(cell.text): column for _, column, cell in grid.lines(row, row)}
            if set(columns) >= _ASKED:
                asked = True
                _read_rows(grid, row, columns, book, lines, issues)
                break
    return Paper({"file_answers": lines}, tuple(issues)) if asked else None


def _read_rows(
    grid: Grid, top: int, columns: Mapping[str, int], book: Book, lines: Lines, issues: list[Issue]
) -> None:
    period = period_in(text for _, _, text in frame_lines(grid, top)) or book.file.folder_period
    for row, line in _filled(grid, top, columns):
        verdict = _VERDICTS.get(compact(line["采用"]))
        if verdict is None:
            issue = book.programme.issue("U07", text=line["采用"])
            letters = column_letters(columns["采用"])
            issues.append(issue.at(file=book.file.path, sheet=grid.name, row=row, column=letters))
            continue
        digests = _DIGEST.findall(line.get("核对码", ""))
        lines.append(
            {
                "file_a": line["文件甲"], "file_b": line["文件乙"], "verdict": verdict,
                "digest_a": digests[0] if len(digests) == 2 else "",
                "digest_b": digests[1] if len(digests) == 2 else "",
                "reason": line.get("理由", ""), "decided_by": line.get("裁定人", ""),
                "file": book.file.path, "period": period, "row": row,
            }
        )  # fmt: skip


def _filled(
    grid: Grid, top: int, columns: Mapping[str, int]
) -> Iterator[tuple[int, dict[str, str]]]:
    """The rows that say something in the column of the answer."""
    names = [name for name in columns if name]
    texts = {name: grid.column(columns[name], top + 1, grid.last_row)[0] for name in names}
    for at in range(grid.last_row - top):
        line = {name: column[at].strip() for name, column in texts.items()}
        if line["采用"] and line["文件甲"] and line["文件乙"]:
            yield top + 1 + at, line
