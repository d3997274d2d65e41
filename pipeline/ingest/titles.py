"""The titles of a file's sheets, and the period they speak of."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace
from itertools import groupby
from operator import itemgetter

from pipeline.ingest.papers import Book
from pipeline.ingest.passed_over import looks_like_number
from pipeline.ingest.whose import frame_lines
from pipeline.model import Grid, Status, Submission
from pipeline.model.as_filed import Filed
from pipeline.periods import months_in, period_in
from pipeline.values import read_day

_FROM_TO = re.compile(r"\d[日号]?\s*[-—–~～至到]+\s*(?:\d{4}\D)?\d{1,2}\D", re.ASCII)
_MOST_IN_TITLE = 6  # cells of a title or filing line
TITLE_ROWS, _LONGEST_TITLE = 5, 80  # where and how short a line is that may say period or unit


def titles(grids: Iterable[Grid]) -> list[str]:
    """The short texts of the first rows of every sheet; a row of many cells is a header, and one with a
    number as long as hers a person."""
    lines = (
        [text for _, _, text in line]
        for grid in grids
        for _, line in groupby(frame_lines(grid, TITLE_ROWS + 1), key=itemgetter(0))
    )
    return [
        t
        for line in map(list, lines)
        if len(line) <= _MOST_IN_TITLE and not any(map(looks_like_number, line))
        for t in line
        if len(t) < _LONGEST_TITLE
    ]


def period_inside(grids: Iterable[Grid], file: Submission) -> str:
    """For files outside a period's folder: the title or filing line, else the file's name."""
    dated = [t for t in titles(grids) if "日期" in t or "时间" in t or "月" in t]
    return period_in(dated) or period_in([file.file_name])


def of_another_period(book: Book, filed: Filed) -> Filed:
    """Said of a return whose title speaks of other periods than its folder, or that was filed before its
    period began; it is taken for its folder's."""
    folder = book.file.folder_period
    if not folder or filed.status != Status.ACCEPTED or not filed.tables:
        return filed
    titled = _titled_for(titles(book.grids), folder)
    days = [table.filed_on for table in filed.tables if table.filed_on]
    if not titled and days and f"{max(days):%Y-%m}" < folder:
        titled = f"填报日期 {max(days).isoformat()}"
    if not titled:
        return filed
    issue = book.programme.issue("S27", stated=titled, folder=folder)
    return replace(filed, issues=(*filed.issues, issue))


def _titled_for(titles: Iterable[str], folder: str) -> str:
    """The period a title speaks of where none speaks of the folder's; '' otherwise. A span of days is a
    course's time, and no period; a day alone is one on which something was."""
    spoken = [
        months_in(title)
        for title in titles
        if "日期" not in title
        and "时间" not in title
        and not _FROM_TO.search(title)
        and not _is_day(title)
    ]
    months = [month for of_title in spoken for month in of_title]
    return "" if not months or folder in months else max(months)


def _is_day(title: str) -> bool:
    day = read_day(title)
    return day is not None and day.exact
