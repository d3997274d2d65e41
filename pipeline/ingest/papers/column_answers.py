"""What a clerk answered of columns: the sheet 认列 of 待裁定.xlsx as it comes back."""

from __future__ import annotations

from pipeline.ingest.lexicon import Lexicon
from pipeline.ingest.papers.paper import Book, Lines, Paper
from pipeline.ingest.plain import plain
from pipeline.ingest.whose import frame_lines
from pipeline.model import Grid, Issue
from pipeline.periods import period_in
from pipeline.programme import Programme
from pipeline.values import column_letters, compact

NOT_USED, EVERYBODY = "不用", "全部单位"
_DEEPEST = 10
_ASKED = frozenset({"表头", "认作"})
_HEADERS = Lexicon({*_ASKED, "单位", "适用", "裁定人", "理由"})


def read(book: Book) -> Paper | None:
    """The answers of every sheet that asks which column is which; None where none does."""
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
    return Paper({"column_answers": lines}, tuple(issues)) if asked else None


def _read_rows(
    grid: Grid, top: int, columns: dict[str, int], book: Book, lines: Lines, issues: list[Issue]
) -> None:
    programme = book.programme
    period = period_in(text for _, _, text in frame_lines(grid, top)) or book.file.folder_period
    texts = {
        name: grid.column(column, top + 1, grid.last_row)[0]
        for name, column in columns.items()
        if name
    }
    for at in range(grid.last_row - top):
        line = {name: column[at].strip() for name, column in texts.items()}
        if not line["认作"] or not line["表头"]:
            continue
        row = top + 1 + at
        field = field_labelled(line["认作"], programme)
        unit = "" if compact(line.get("适用", "")) == EVERYBODY else _unit(line, programme)
        if field is None or unit is None:
            wrong = "认作" if field is None else "单位"
            issue = programme.issue("U07", text=line.get(wrong, ""))
            letters = column_letters(columns[wrong])
            issues.append(issue.at(file=book.file.path, sheet=grid.name, row=row, column=letters))
            continue
        lines.append(
            {
                "unit": unit, "header": plain(line["表头"]), "field": field,
                "reason": line.get("理由", ""), "decided_by": line.get("裁定人", ""),
                "file": book.file.path, "period": period, "row": row,
            }
        )  # fmt: skip


def field_labelled(text: str, programme: Programme) -> str | None:
    """The field of a label, '' for 不用, None where no field is called so."""
    wanted = plain(text)
    if wanted == NOT_USED:
        return ""
    return next((f.name for f in programme.fields if plain(f.label) == wanted), None)


def _unit(line: dict[str, str], programme: Programme) -> str | None:
    """The unit whose header it is; none named: everybody's."""
    named = compact(line.get("单位", ""))
    return (programme.gazetteer.find_one(named) or None) if named else ""
