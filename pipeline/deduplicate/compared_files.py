"""Files of one return held against each other, two by two: what the one lists and the other does not, and
whether the one is the other mended."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import combinations
from typing import TYPE_CHECKING, Any

from pipeline.deduplicate.order import Part
from pipeline.engine import Engine
from pipeline.model import Month
from pipeline.model.words import FIELD

if TYPE_CHECKING:
    import pyarrow as pa

Pair = tuple[Part, Part]  # by path


@dataclass(frozen=True)
class Side:
    """One of two files: its rows, how many of them an error returns, and how much was found in them; of
    its persons those that only it lists, those of whom the other says something else, and those who are
    sound in it alone; its rows without a finding that the other does not repeat, or of whose person it
    says something else, and how much was found of whom the other lists too; and its persons whom the
    other does not know by any name."""

    lines: int = 0
    faulty: int = 0
    found: int = 0
    lost: int = 0
    contradicted: int = 0
    found_of_known: int = 0
    alone: int = 0
    changed: int = 0
    sound_alone: int = 0
    strangers: int = 0


_NOBODY = Side()
_FEW = 0.5  # of its rows: more of them would stand for the whole


@dataclass(frozen=True)
class Comparison:
    """All pairs of files that are of one return."""

    sides: Mapping[Pair, tuple[Side, Side]] = field(default_factory=dict)

    def of(self, one: Part, other: Part) -> tuple[Side, Side]:
        """The two sides of a pair, in the order asked; of a nil return nobody."""
        if (one, other) in self.sides:
            return self.sides[one, other]
        a, b = self.sides.get((other, one), (_NOBODY, _NOBODY))
        return b, a

    def mended(self) -> frozenset[Pair]:
        """Pairs (earlier, later) of which the later is the earlier one with less to find in it: the
        whole of it, or a few of its rows."""
        return frozenset(
            (one, other)
            for one, other, was, now in self._either_way()
            if _is_mended(was, now) or _is_partly_mended(was, now)
        )

    def _either_way(self) -> Iterator[tuple[Part, Part, Side, Side]]:
        for (a, b), (of_a, of_b) in self.sides.items():
            yield a, b, of_a, of_b
            yield b, a, of_b, of_a

    def corrections(self) -> frozenset[Pair]:
        """Pairs (earlier, later) of which the later holds nothing but a few rows of the earlier one, each
        with something found in it, put right."""
        return frozenset(
            (one, other)
            for one, other, was, now in self._either_way()
            if _is_partly_mended(was, now) and was.found_of_known >= now.lines and not now.strangers
        )


def _is_mended(was: Side, now: Side) -> bool:
    """All whom the one lists, every row repeated in which nothing was found, and less found."""
    return was.found > now.found and not was.lost and not was.strangers


def _is_partly_mended(was: Side, now: Side) -> bool:
    """A few of its rows put right (两人更正): nothing sound said otherwise, and less found of them."""
    few = now.lines <= _FEW * was.lines
    return few and not was.contradicted and was.found_of_known > now.found_of_known


def compared(groups: Iterable[Sequence[Part]], month: Month, engine: Engine) -> Comparison:
    """The files of each group (one return of one period) held against each other."""
    pairs = [pair for parts in groups for pair in combinations(sorted(parts, key=_path), 2)]
    if not pairs:
        return Comparison()
    found: dict[Pair, dict[str, Side]] = {}
    tables = {
        "rows": month.tables["rows"],
        "issues": month.table("issues"),
        "pairs": pairs_table(pairs),
    }
    for line in engine.ask("differing", tables).to_pylist():
        n, side = line.pop("n"), line.pop("side")
        found.setdefault(pairs[n], {})[side] = Side(**line)
    return Comparison(
        {pair: (of.get("a", _NOBODY), of.get("b", _NOBODY)) for pair, of in found.items()}
    )


def pairs_table(pairs: Iterable[Pair]) -> pa.Table:
    """The pairs by number, as questions of the engine ask for them."""
    import pyarrow as pa

    asked = [
        {"n": n, "kind": one.kind, "entity": one.entity, "file_a": one.file, "file_b": other.file}
        for n, (one, other) in enumerate(pairs)
    ]
    return pa.Table.from_pylist(asked)


def alike_throughout(
    pairs: Iterable[Pair], comparison: Comparison, month: Month, engine: Engine
) -> frozenset[Pair]:
    """Of these pairs those whose files say the same, cell by cell: which of the two stands matters to
    nobody."""
    likely = [pair for pair in pairs if _no_difference(*comparison.of(*pair))]
    if not likely:
        return frozenset()
    tables = {"rows": month.tables["rows"], "pairs": pairs_table(likely)}
    rows: dict[tuple[str, str, str], Counter[tuple[Any, ...]]] = {}
    for line in engine.ask("rows_of_pairs", tables).to_pylist():
        of = rows.setdefault((line["file"], line["entity"], line["kind"]), Counter())
        of[tuple(value for name, value in line.items() if name.startswith(FIELD))] += 1
    return frozenset(
        pair for pair in likely if len({_statements(rows, part) for part in pair}) == 1
    )


def _statements(
    rows: Mapping[tuple[str, str, str], Counter[tuple[Any, ...]]], part: Part
) -> frozenset[tuple[Any, ...]]:
    return frozenset(rows.get((part.file, part.entity, part.kind), Counter()).items())


def _no_difference(one: Side, other: Side) -> bool:
    return (one.lines, one.faulty) == (other.lines, other.faulty) and not any(
        (one.alone, other.alone, one.changed, other.changed)
    )


def _path(part: Part) -> str:
    return part.file


def differences(one: Side, other: Side) -> Iterator[str]:
    """What tells the two apart, in the clerk's words."""
    if one.alone:
        yield f"只在甲的 {one.alone} 人"
    if other.alone:
        yield f"只在乙的 {other.alone} 人"
    if both := max(one.changed, other.changed):
        yield f"两份都有而填写不同的 {both} 人"
    if not (one.alone or other.alone or both):
        yield "人员相同，其他栏的填写不同"
