"""One TOML file that can say on which line each of its entries stands."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, TypeVar

from pipeline.model.stop import Exit, Stop

T = TypeVar("T")


class ProgrammeFault(Stop):
    """The programme's files are wrong; says file, line and what to mend."""

    usual = Exit.PROGRAMME

    def __init__(self, file: Path | str, line: int | None, message: str) -> None:
        place = f"{file} 第 {line} 行" if line else str(file)
        super().__init__(f"{place}：{message}")


class Toml:
    """One TOML file that can say on which line the n-th entry of a table stands."""

    def __init__(self, path: Path) -> None:
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

    def text(self, key: str) -> str:
        """A text at the top of the file; raises ProgrammeFault where it is missing."""
        value = self.whole.get(key)
        if not isinstance(value, str):
            raise ProgrammeFault(self.path, self.line(rf"{key}\s*=") or 1, f'缺少 {key} = "…"')
        return value

    def line(self, pattern: str, nth: int = 0) -> int | None:
        """The line on which a pattern stands for the nth time."""
        hits = [i for i, text in enumerate(self.lines, 1) if re.match(rf"\s*{pattern}", text)]
        return hits[nth] if nth < len(hits) else None

    def build(self, table: str, make: Callable[[dict[str, Any]], T]) -> Iterator[T]:
        """Every entry of a table of tables; what `make` refuses is told with its line."""
        for nth, entry in enumerate(self.whole.get(table, [])):
            try:
                yield make(entry)
            except (TypeError, KeyError, ValueError) as fault:
                line = self.line(rf"\[\[{table}\]\]", nth)
                raise ProgrammeFault(self.path, line, f"[[{table}]] {_plainly(fault)}") from None


def _plainly(fault: Exception) -> str:
    text = str(fault)
    if match := re.search(r"unexpected keyword argument '(\w+)'", text):
        return f"不认识的词“{match[1]}”"
    if match := re.search(r"missing .*argument.*?: (.+)", text):
        return f"缺少 {match[1]}"
    if isinstance(fault, KeyError):
        return f"缺少 {text}"
    return text


def plain(noun: Callable[..., T]) -> Callable[[dict[str, Any]], T]:
    """A maker of nouns whose entries name their attributes and nothing else."""

    def make(entry: dict[str, Any]) -> T:
        return noun(**{k: tuple(v) if isinstance(v, list) else v for k, v in entry.items()})

    return make
