"""What a clerk answered of columns: the sheet 认列 of 待裁定.xlsx as it comes back."""

from __future__ import annotations

from pipeline.ingest.layout import Lexicon, plain
from pipeline.ingest.papers.answer_sheets import answer_sheets
from pipeline.ingest.papers.paper import Book, Lines, Paper
from pipeline.model import Issue
from pipeline.programme import Programme
from pipeline.values import compact

NOT_USED, EVERYBODY = "不用", "全部单位"
_ASKED = frozenset({"表头", "认作"})
_HEADERS = Lexicon({*_ASKED, "单位", "适用", "裁定人", "理由"})


def read(book: Book) -> Paper | None:
    """The answers of every sheet that asks which column is which; None where none does."""
    lines: Lines = []
    issues: list[Issue] = []
    programme = book.programme
    sheets = list(answer_sheets(book, _HEADERS, _ASKED.issubset))
    for sheet in sheets:
        for row, line in sheet.lines():
            if not line["认作"] or not line["表头"]:
                continue
            field = field_labelled(line["认作"], programme)
            unit = "" if compact(line.get("适用", "")) == EVERYBODY else _unit(line, programme)
            if field is None or unit is None:
                wrong = "认作" if field is None else "单位"
                issues.append(sheet.issue("U07", row, wrong, text=line.get(wrong, "")))
                continue
            lines.append(
                {
                    "unit": unit, "header": plain(line["表头"]), "field": field,
                    "reason": line.get("理由", ""), "decided_by": line.get("裁定人", ""),
                    "file": book.file.path, "period": sheet.period, "row": row,
                }
            )  # fmt: skip
    return Paper({"column_answers": lines}, tuple(issues)) if sheets else None


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
