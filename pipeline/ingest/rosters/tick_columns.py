"""An answer given by a tick in one of several columns: 是否建档立卡 over 是 and 否, 性别 over 男 and 女."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from itertools import takewhile
from typing import TypeVar

from pipeline.ingest.layout import Header, known_headers, plain
from pipeline.model import Grid
from pipeline.programme import Field, Programme
from pipeline.values import compact, is_nothing, ticked

T = TypeVar("T")
_TICKS = frozenset("√✓✔☑V∨●1是对")
_CROSSES = frozenset("×✗✘☒X0否") | {""}
_BETWEEN = "、"


def in_one_column(grid: Grid, header: Header, programme: Programme) -> tuple[Grid, Header]:
    """The sheet with each such answer as a word in the first of its columns, and the header without the
    others; as they are where nothing is answered so.

    A row with several ticks says all their words, and none of the code list.
    """
    answers: dict[tuple[int, int], str] = {}
    first, last = header.bottom + 1, grid.last_row
    for columns, words in _answers(header, programme):
        texts = [grid.column(column, first, last)[0] for column in columns]
        if not all(_is_mark(text) for column in texts for text in column):
            continue
        for row, line in enumerate(zip(*texts, strict=True), first):
            chosen = [w for w, text in zip(words, line, strict=True) if _is_tick(text)]
            answers |= {(row, column): "" for column in columns}
            answers[row, columns[0]] = _BETWEEN.join(chosen)
        header = _gathered(header, columns)
    return grid.written_over(answers), header


def _answers(header: Header, programme: Programme) -> Iterator[tuple[list[int], list[str]]]:
    """Runs of columns below one group that is a code field's own header, each named by one of its words."""
    for run in _runs(header):
        group = header.groups[run[0]][:-1]
        for field in _named(group, programme):
            codes = programme.code_words[field.codes]
            meant = [codes.get(plain(header.leaves[c]), "") for c in run]
            many = len(list(takewhile(bool, meant)))
            whole = all(header.groups[c][:-1] == () for c in run[many:])
            if whole and len(set(meant[:many])) > 1:
                yield run[:many], [compact(header.leaves[c]) for c in run[:many]]
                break


def _runs(header: Header) -> Iterator[list[int]]:
    """Neighbouring columns below the same group; nothing stands above the others where cells are not merged."""
    run: list[int] = []
    for column in sorted(header.groups):
        group = header.groups[column][:-1]
        if run and column == run[-1] + 1 and group in (header.groups[run[0]][:-1], ()):
            run.append(column)
            continue
        if len(run) > 1:
            yield run
        run = [column] if group else []
    if len(run) > 1:
        yield run


def _named(group: tuple[str, ...], programme: Programme) -> Iterator[Field]:
    """The code fields whose own header a group is, in any kind of roster."""
    for names in known_headers(programme).by_kind.values():
        for text in (group[-1], "".join(group)):
            name = names.get(plain(text))
            if name and programme.field[name].kind == "code":
                yield programme.field[name]


def _is_mark(text: str) -> bool:
    return _is_tick(text) or compact(ticked(text)) in _CROSSES or is_nothing(text)


def _is_tick(text: str) -> bool:
    return compact(ticked(text)) in _TICKS


def _gathered(header: Header, columns: list[int]) -> Header:
    """The header with the group alone above the first column, and nothing above the others."""
    first, others = columns[0], frozenset(columns[1:])

    def kept(of: Mapping[int, T]) -> dict[int, T]:
        return {c: value for c, value in of.items() if c not in others}

    group = header.groups[first][:-1]
    return replace(
        header,
        leaves={**kept(header.leaves), first: group[-1]},
        paths={**kept(header.paths), first: "".join(group)},
        groups={**kept(header.groups), first: group},
        fields=kept(header.fields),
    )
