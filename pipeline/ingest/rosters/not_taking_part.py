"""Rows that say of themselves that she did not take part, in a remark or under 是否结业: counted, and said."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from pipeline.ingest.layout import WIDEST, Header, plain
from pipeline.model import Grid, Issue
from pipeline.programme import Kind, Programme
from pipeline.values import NO, column_letters, compact, fold, yes_or_no

_LONGEST = 12  # characters of a cell that says nothing else
_ROUND = "()[]【】。.,，!！;；*"
_ASKS = re.compile(r"(?:是否|有无|有没有|是不是)(?P<what>.+)")
_NEGATION = re.compile(r"^(?:未|没有|不|拟|待|计划|尚未)")
_WISH = re.compile("愿|意|需|能|可|想|计划|拟")


def not_taking_part(
    grid: Grid,
    header: Header,
    columns: Mapping[int, str],
    rows: list[int],
    programme: Programme,
) -> Iterator[Issue]:
    """A warning at each such cell of a person's row; the words are the programme's for those who did not."""
    kind = programme.kind[header.kind]
    words = _words(kind, programme)
    if not words or not rows:
        return
    for column in range(1, min(grid.last_column, WIDEST) + 1):
        name = columns.get(column)
        if name and programme.field[name].kind != "text":
            continue
        texts, _ = grid.column(column, rows[0], rows[-1])
        asked = _asks_whether(plain(header.leaves.get(column, "")), words)
        if not asked and not any(_says_so(text, words) for text in set(texts)):
            continue
        for row in rows:
            text = texts[row - rows[0]]
            if _says_so(text, words) or (asked and text and yes_or_no(text) == NO):
                issue = programme.issue("S46", header=header.named(column), text=compact(text))
                yield issue.at(row=row, column=column_letters(column), field=name or "")


def _words(kind: Kind, programme: Programme) -> frozenset[str]:
    """The programme's words for who did not take part, but for those of another kind: 未就业 says nothing of
    who was trained."""
    others = {w for k in programme.kinds if k.name != kind.name for w in k.title_words}
    others -= set(kind.title_words)
    words = map(fold, programme.words.get("not_done", ()))
    return frozenset(w for w in words if not any(other in w for other in others))


def _says_so(text: str, words: frozenset[str]) -> bool:
    if not text or len(text) > _LONGEST:
        return False
    cell = fold(text).strip(_ROUND)
    return cell in words or cell.removeprefix("已") in words


def _asks_whether(header: str, words: frozenset[str]) -> bool:
    """Whether a header asks if she took part: 是否 before what the words deny, and no wish."""
    match = _ASKS.match(header)
    if match is None or _WISH.search(match["what"]):
        return False
    done = {_NEGATION.sub("", word) for word in words if _NEGATION.match(word)}
    return match["what"].removeprefix("已").strip("()") in done
