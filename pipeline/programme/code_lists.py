"""The programme's lists: code words, units and characters taken for each other, one CSV file each."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator, Mapping
from datetime import date
from pathlib import Path

from pipeline.model import Unit
from pipeline.programme.faults import Faults, ProgrammeFault
from pipeline.programme.toml import text_of
from pipeline.values import fold

Row = Mapping[str, str]
CodeLists = tuple[dict[str, dict[str, str]], dict[str, dict[str, str]]]

_UNIT = ("code", "name", "parent", "since", "until", "continues", "aliases")
_LONGEST_NAME = 60  # characters: with what is put beside it, a file's name holds no more
_NO_FILE_NAME = re.compile(
    r'[\\/:*?"<>|\x00-\x1f\x7f\u200b\u200e\u200f\u202a-\u202e\ufeff\ufffe\uffff]|^\.+$|^\s|\s$|^$'
)
_UNIT_CODE = re.compile(r"\d{6}", re.ASCII)


def _csv(path: Path, columns: tuple[str, ...], faults: Faults) -> Iterator[tuple[int, Row]]:
    """The rows with their lines; a row without all columns is a fault and left out."""
    try:
        text = text_of(path)
    except ProgrammeFault as fault:
        return faults.take(fault)
    reader = csv.DictReader(text.splitlines(keepends=True))
    head = reader.fieldnames or ()
    if missing := [c for c in columns if c not in head]:
        return faults.add(path, 1, f"缺少列 {'、'.join(missing)}，第一行应为 {','.join(columns)}")
    if unknown := [str(c) for c in head if c not in columns]:
        faults.add(path, 1, f"不认识的列 {'、'.join(unknown)}，第一行应为 {','.join(columns)}")
    for row in reader:
        if None in row or None in row.values():
            faults.add(path, reader.line_num, f"这一行不是 {len(head)} 格，请核对逗号和引号")
        else:
            yield reader.line_num, row
    return None


def read_lookalikes(path: Path, faults: Faults) -> dict[str, str]:
    """Characters taken for each other when a name is typed: each -> the first of its group."""
    return {c: row["group"][0] for _, row in _csv(path, ("group",), faults) for c in row["group"]}


def read_codes(folder: Path, faults: Faults) -> CodeLists:
    """Per list its words as compared -> code, and its codes -> label."""
    words: dict[str, dict[str, str]] = {}
    labels: dict[str, dict[str, str]] = {}
    for path in sorted(folder.glob("*.csv")):
        words[path.stem], labels[path.stem] = {}, {}
        for line, row in _csv(path, ("code", "label", "words"), faults):
            if not row["code"] or not row["label"]:
                faults.add(path, line, "code 和 label 都要写")
            if row["code"] in labels[path.stem]:
                faults.add(path, line, f"代码“{row['code']}”用了两次")
            labels[path.stem][row["code"]] = row["label"]
            for word in filter(None, [row["label"], *row["words"].split("|")]):
                if words[path.stem].setdefault(fold(word), row["code"]) != row["code"]:
                    faults.add(path, line, f"“{word}”已属于另一个代码")
    return words, labels


def read_units(path: Path, top: str, faults: Faults) -> tuple[Unit, ...]:
    """The reporting units of units.csv, below the unit `top`."""
    lines = list(_csv(path, _UNIT, faults))
    units = []
    for line, row in lines:
        found = list(_faults_of(row))
        for message in found:
            faults.add(path, line, message)
        if not found:
            units.append((line, _unit(row)))
    _check_units(path, units, {row["code"] for _, row in lines}, top, faults)
    return tuple(unit for _, unit in units)


def unfit_for_a_folder(name: str) -> str:
    """Why no folder or file can be called after a unit or an office; nothing where one can."""
    if len(name) <= _LONGEST_NAME and not _NO_FILE_NAME.search(name):
        return ""
    most = f"最多 {_LONGEST_NAME} 字，首尾不留空格"
    return f"name = “{name}”要作文件夹名，不能有引号、斜杠一类的符号和看不见的字符，{most}"


def _unit(row: Row) -> Unit:
    return Unit(
        code=row["code"],
        name=row["name"],
        parent=row["parent"],
        since=date.fromisoformat(row["since"]) if row["since"] else None,
        until=date.fromisoformat(row["until"]) if row["until"] else None,
        continues=row["continues"],
        aliases=tuple(filter(None, row["aliases"].split("|"))),
    )


def _faults_of(row: Row) -> Iterator[str]:
    if not _UNIT_CODE.fullmatch(row["code"]):
        yield f"code = “{row['code']}”，应为六位数字（前面的 0 被 Excel 去掉的，请按文本填写）"
    if not row["name"]:
        yield "缺少 name"
    elif fault := unfit_for_a_folder(row["name"]):
        yield fault
    for word in ("since", "until"):
        if row[word] and not _is_day(row[word]):
            yield f"{word} = “{row[word]}”，应写成 2020-06-30 的样式"
    if row["since"] and row["until"] and row["since"] > row["until"]:
        yield "since 晚于 until"


def _is_day(text: str) -> bool:
    try:
        return date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False


def _check_units(
    path: Path, units: list[tuple[int, Unit]], written: set[str], top: str, faults: Faults
) -> None:
    """Codes once, parents and predecessors there, nobody below herself; the top is among them."""
    by_code: dict[str, Unit] = {}
    for line, unit in units:
        if unit.code in by_code:
            faults.add(path, line, f"代码 {unit.code} 用了两次")
        by_code[unit.code] = unit
    for line, unit in units:
        if unit.parent and unit.parent not in written:
            faults.add(path, line, f"上级代码 {unit.parent} 不存在")
        elif not unit.parent and unit.code != top:
            faults.add(path, line, f"缺少 parent：除 {top} 外都要写上级代码")
        if unit.continues and unit.continues not in written:
            faults.add(path, line, f"continues = {unit.continues} 不存在，应为它延续的单位的代码")
        for word in ("parent", "continues"):
            if _circles(unit, word, by_code):
                faults.add(path, line, f"{word} 绕成了圈")
    if top and top not in written:
        faults.add(path, None, f"没有 programme.toml 里写的 province = “{top}”")


def _circles(unit: Unit, word: str, by_code: Mapping[str, Unit]) -> bool:
    seen: set[str] = set()
    at: Unit | None = unit
    while at is not None and at.code not in seen:
        seen.add(at.code)
        at = by_code.get(getattr(at, word))
    return at is not None and at.code == unit.code
