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

_REASONS = {
    "Expected newline": "一行写了两样，或引号没有配对",
    "Expected '='": "词的后面要写等号",
    "Expected": "括号没有配对",
    "Unclosed": "括号没有配对，或少了逗号",
    "Unterminated": "引号没有配对",
    "Illegal": "引号没有配对，或夹着看不见的字符",
    "Unescaped": "引号里的反斜杠要写两遍",
    "Cannot overwrite": "同一个词写了两次",
    "Duplicate": "同一个词写了两次",
    "Cannot": "同一节写了两次，或与前面的写法冲突",
    "Invalid value": "等号后面的写法不对，文字要加英文引号",
    "Invalid date": "没有这样的日期或时间",
}
_ANY = "这一行不是“词 = 值”，也不是 [节]，说明文字前面要写 #"

Place = tuple[str | int, ...]  # ("fields", 3, "kind"), ("words", "nil"), ("title",)


def is_absent(path: Path) -> bool:
    """Whether nothing at all lies there: what lies there and is no file must be spoken of."""
    return not path.exists() and not path.is_symlink()


def text_of(path: Path) -> str:
    """What a file of the programme or the office says. Raises ProgrammeFault where it is no text."""
    if is_absent(path):
        raise ProgrammeFault(path, None, "找不到这个文件")
    if not path.is_file():
        raise ProgrammeFault(path, None, "这里应是文本文件，却是文件夹、管道或断了的链接")
    try:
        return path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError:
        raise ProgrammeFault(path, None, "不是 UTF-8 编码，请用 UTF-8 另存") from None


class Toml:
    """One TOML file, its contents and where in it they stand."""

    def __init__(self, path: Path) -> None:
        """Raises ProgrammeFault for a file that is not there or is no TOML."""
        self.path = path
        try:
            self.lines = text_of(path).splitlines()
            self.whole: dict[str, Any] = tomllib.loads("\n".join(self.lines) + "\n")
        except tomllib.TOMLDecodeError as fault:
            line = re.search(r"line (\d+)", str(fault))
            number = int(line[1]) if line else len(self.lines)
            raise ProgrammeFault(path, number, f"TOML 写法有误：{_reason(fault)}") from None
        except (ValueError, RecursionError):  # a number of thousands of digits, as many brackets
            raise ProgrammeFault(path, None, "里面有长得不像话的数，或括号套得太深") from None
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


def _reason(fault: tomllib.TOMLDecodeError) -> str:
    """What the parser met, by how its sentence begins."""
    return next((reason for word, reason in _REASONS.items() if str(fault).startswith(word)), _ANY)


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
