"""The programme's lists: code words and units, one CSV file each."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from datetime import date
from pathlib import Path

from pipeline.model import Unit
from pipeline.programme.toml import ProgrammeFault
from pipeline.values import fold


def _csv(path: Path) -> Iterator[dict[str, str]]:
    try:
        with path.open(encoding="utf-8-sig", newline="") as stream:
            yield from csv.DictReader(stream)
    except FileNotFoundError:
        raise ProgrammeFault(path, None, "找不到这个文件") from None
    except UnicodeDecodeError:
        raise ProgrammeFault(path, None, "不是 UTF-8 编码，请用 UTF-8 另存") from None


def read_lookalikes(path: Path) -> dict[str, str]:
    """Characters taken for each other when a name is typed: each -> the first of its group."""
    return {character: row["group"][0] for row in _csv(path) for character in row["group"]}


def read_codes(folder: Path) -> tuple[dict[str, dict[str, str]], dict[str, dict[str, str]]]:
    """Per list its words as compared -> code, and its codes -> label. Raises ProgrammeFault."""
    words: dict[str, dict[str, str]] = {}
    labels: dict[str, dict[str, str]] = {}
    for path in sorted(folder.glob("*.csv")):
        words[path.stem], labels[path.stem] = {}, {}
        for line, row in enumerate(_csv(path), 2):
            labels[path.stem][row["code"]] = row["label"]
            for word in filter(None, [row["label"], *row["words"].split("|")]):
                if words[path.stem].setdefault(fold(word), row["code"]) != row["code"]:
                    raise ProgrammeFault(path, line, f"“{word}”已属于另一个代码")
    return words, labels


def read_units(path: Path) -> tuple[Unit, ...]:
    """The reporting units of units.csv. Raises ProgrammeFault with file and line."""
    units = []
    for line, row in enumerate(_csv(path), 2):
        try:
            units.append(
                Unit(
                    code=row["code"],
                    name=row["name"],
                    parent=row["parent"],
                    since=date.fromisoformat(row["since"]) if row["since"] else None,
                    until=date.fromisoformat(row["until"]) if row["until"] else None,
                    continues=row["continues"],
                    aliases=tuple(filter(None, row["aliases"].split("|"))),
                )
            )
        except (KeyError, ValueError, AttributeError) as fault:
            raise ProgrammeFault(path, line, f"这一行读不懂（{fault}）") from None
    known = {u.code for u in units}
    for line, unit in enumerate(units, 2):
        if unit.parent and unit.parent not in known:
            raise ProgrammeFault(path, line, f"上级代码 {unit.parent} 不存在")
    return tuple(units)
