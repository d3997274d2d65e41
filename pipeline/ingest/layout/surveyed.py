"""One look over a whole sheet, column by column: where known words stand, and what is damaged."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from pipeline.ingest.layout.headers import known_headers
from pipeline.ingest.layout.lexicon import Lexicon, OfProgramme
from pipeline.ingest.layout.plain_words import plain
from pipeline.model import Columns, Grid
from pipeline.programme import Programme

FEWEST_NAMED = 4  # columns a row must name to be the header of a list
_LOST = "\ufffd"  # what stands where a character was lost on the way


@dataclass(frozen=True)
class Survey:
    """`headers` and `topics`: row -> column -> the word as compared; `totals`: the same for the headers of stated
    totals (指标 | 年度任务 | 累计完成); `damaged`: cells, row by row."""

    headers: Mapping[int, Mapping[int, str]]
    topics: Mapping[int, Mapping[int, str]]
    totals: Mapping[int, Mapping[int, str]]
    damaged: tuple[tuple[int, int], ...]

    @property
    def lists(self) -> list[int]:
        """The rows that name as many columns as the header of a list."""
        return [row for row, line in sorted(self.headers.items()) if len(line) >= FEWEST_NAMED]


def survey(grid: Grid, programme: Programme) -> Survey:
    """Looks at every column once, or at the cells alone where few stand far apart."""
    headers, topics = known_headers(programme).lexicon.words, topics_of(programme)
    about, done = _total_rows(programme), _total_done(programme)
    lexicon = _landmarks(programme)
    marks: list[tuple[int, int, str]] = []
    damaged: list[tuple[int, int]] = []
    if not isinstance(grid.cells, Columns):
        for (row, column), cell in grid.cells.items():
            if word := lexicon.find(cell.text):
                marks.append((row, column, word))
            if _LOST in cell.text:
                damaged.append((row, column))
    else:
        first = grid.cells.row  # nothing stands above, nor left of its first column
        for column, texts in enumerate(grid.cells.texts, grid.cells.column):
            marks += [(row, column, word) for row, word in lexicon.places(texts, first)]
            if _LOST in "".join(texts):
                damaged += [(row, column) for row, text in enumerate(texts, first) if _LOST in text]
    sums = _by_row((r, c, w) for r, c, w in marks if w in about or w in done)
    return Survey(
        _by_row((r, c, w) for r, c, w in marks if w in headers),
        _by_row((r, c, w) for r, c, w in marks if w in topics),
        {
            r: line
            for r, line in sums.items()
            if {*line.values()} & about and {*line.values()} & done
        },
        tuple(sorted(damaged)),
    )


def _by_row(marks: Iterable[tuple[int, int, str]]) -> dict[int, dict[int, str]]:
    found: dict[int, dict[int, str]] = {}
    for row, column, word in sorted(marks):
        found.setdefault(row, {})[column] = word
    return found


def _topics(programme: Programme) -> Mapping[str, str]:
    found = dict.fromkeys(sorted(programme.words["practice"]), "practice")
    return found | dict.fromkeys(sorted(programme.words["problem"]), "problem")


topics_of = OfProgramme(_topics)  # headings of what counties write -> practice or problem
# the words of the header of stated totals: what a line is about, and what was done
_total_rows = OfProgramme(lambda programme: frozenset(programme.words["total_rows"]))
_total_done = OfProgramme(
    lambda programme: frozenset((*programme.words["total_done"], *programme.words["total_new"]))
)
_landmarks = OfProgramme(
    lambda programme: Lexicon(
        {
            *known_headers(programme).lexicon.words,
            *map(plain, topics_of(programme)),
            *_total_rows(programme),
            *_total_done(programme),
        }
    )
)
