"""One TOML file that can say on which line each of its entries and words stands."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from pipeline.programme.faults import ProgrammeFault

_TABLE = re.compile(r"\s*(?P<open>\[\[?)\s*(?P<name>[A-Za-z0-9_.-]+)\s*\]\]?\s*(#.*)?")
_KEY = re.compile(r"\s*(?P<key>[A-Za-z0-9_-]+|\"[^\"]*\"|'[^']*')\s*=")
_QUOTED = re.compile(r'"(?:\\.|[^"\\])*"|\'[^\']*\'|#.*')

Place = tuple[str | int, ...]  # ("fields", 3, "kind"), ("words", "nil"), ("title",)


class Toml:
    """One TOML file, its contents and where in it they stand."""

    def __init__(self, path: Path) -> None:
        """Raises ProgrammeFault for a file that is not there or is no TOML."""
        self.path = path
        try:
            self.lines = path.read_text(encoding="utf-8-sig").splitlines()
            self.whole: dict[str, Any] = tomllib.loads("\n".join(self.lines) + "\n")
        except FileNotFoundError:
            raise ProgrammeFault(path, None, "找不到这个文件") from None
        except UnicodeDecodeError:
            raise ProgrammeFault(path, None, "不是 UTF-8 编码，请用 UTF-8 另存") from None
        except tomllib.TOMLDecodeError as fault:
            line = re.search(r"line (\d+)", str(fault))
            number = int(line[1]) if line else len(self.lines)
            raise ProgrammeFault(path, number, f"TOML 写法有误（{fault}）") from None
        self._places = _places(self.lines)

    def line(self, *place: str | int) -> int:
        """The line on which something stands; what is not there: where it would belong."""
        while place:
            if place in self._places:
                return self._places[place]
            place = place[:-1]
        return 1

    def entries(self, table: str) -> list[tuple[int, Mapping[str, Any]]]:
        """Every entry of a table of tables with its line; [] where the file has none.

        Raises ProgrammeFault where the word stands for something else.
        """
        tables = self.whole.get(table, [])
        if not isinstance(tables, list) or not all(isinstance(entry, dict) for entry in tables):
            raise ProgrammeFault(
                self.path, self.line(table), f"{table} 要写成 [[{table}]]，一项一段"
            )
        return [(self.line(table, nth), entry) for nth, entry in enumerate(tables)]

    def unknown(self, known: Iterable[str]) -> Iterator[tuple[int, str]]:
        """Words at the top of the file that nobody asks for, with their lines."""
        for word in self.whole:
            if word not in known:
                yield self.line(word), word


def _places(lines: Iterable[str]) -> dict[Place, int]:
    """Where tables begin and words stand; lines inside a list of several lines are none of these."""
    places: dict[Place, int] = {}
    counts: dict[str, int] = {}
    table: Place = ()
    depth = 0
    for number, line in enumerate(lines, 1):
        if depth <= 0 and (match := _TABLE.fullmatch(line)):
            table = _opened(match["name"], many=match["open"] == "[[", counts=counts)
            places.setdefault(table, number)
            places.setdefault(table[:1], number)
            continue
        if depth <= 0 and (match := _KEY.match(line)):
            places.setdefault((*table, match["key"].strip("\"'")), number)
        bare = _QUOTED.sub("", line)
        depth += sum(bare.count(c) for c in "[{") - sum(bare.count(c) for c in "]}")
    return places


def _opened(name: str, *, many: bool, counts: dict[str, int]) -> Place:
    """The place a heading opens: `[[kinds]]` the next kind, `[kinds.roles]` the roles of the last."""
    if many:
        counts[name] = counts.get(name, -1) + 1
        return (name, counts[name])
    first, *rest = name.split(".")
    return (first, counts[first], *rest) if first in counts else (first, *rest)
