"""An entry of a TOML file -> a noun, by pydantic: every word known, every value of its type.

Nothing is converted: `required = "no"` is no yes, `headers = "序号"` no list. What is wrong is said
in the words of the officer who wrote it.
"""

from __future__ import annotations

import dataclasses
import difflib
import functools
import re
from collections.abc import Iterable, Mapping
from typing import Any, TypeVar, get_type_hints

T = TypeVar("T")
MOST = 10**12  # tables of the engine and cells of a workbook hold no more digits in full
_UNSEEN = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\ufffe\uffff]")
_SHOWN = frozenset({"label", "short_title", "full_name", "counted_label", "message"})  # never blank

Wrong = tuple[tuple[str, ...], str]  # the word it is about, below the entry; what to say

_SAID = {
    "string_type": "要写成带引号的文字",
    "bool_type": "要写成 true 或 false，不加引号",
    "int_type": "要写成整数，不加引号",
    "tuple_type": '要写成方括号里的一列，如 ["…", "…"]',
    "date_type": "要写成日期，如 2018-12-31，不加引号",
    "mapping_type": "要写成一节，一行一个“名 = 值”",
    "dict_type": "要写成一节，一行一个“名 = 值”",
}


def read_as(
    noun: type[T], entry: Mapping[str, Any], *, apart: Iterable[str] = ()
) -> tuple[dict[str, Any], list[Wrong]]:
    """The values of a noun that an entry gives, and what is wrong with it.

    Words read `apart`, by somebody who knows them better, are neither checked nor answered.
    """
    from pydantic import ValidationError

    apart = frozenset(apart)
    values = {word: _tupled(value) for word, value in entry.items() if word not in apart}
    try:
        model = _model(noun, apart).model_validate(values)  # type: ignore[arg-type]
    except ValidationError as fault:
        known = [f.name for f in dataclasses.fields(noun)]  # type: ignore[arg-type]
        return {}, [_wrong(error, known) for error in fault.errors(include_url=False)]
    wrong = [wrong for word, value in values.items() if (wrong := _unfit(word, value))]
    return ({} if wrong else {word: getattr(model, word) for word in values}), wrong


def _unfit(word: str, value: Any) -> Wrong | None:
    """What no paper can hold, though it is of its type."""
    if isinstance(value, tuple):
        return next((wrong for item in value if (wrong := _unfit(word, item))), None)
    if isinstance(value, int) and abs(value) > MOST:
        return (word,), f"{word} 的数太大"
    if isinstance(value, str) and _UNSEEN.search(value):
        return (word,), f"{word} 里有看不见的字符，请重写这几个字"
    if word in _SHOWN and isinstance(value, str) and not value.strip():
        return (word,), f"{word} 不能空着"
    return None


@functools.cache
def _model(noun: type[Any], apart: frozenset[str]) -> Any:
    """The noun as pydantic's strict model: no conversions, no words beside its own."""
    from pydantic import ConfigDict, create_model

    hints = get_type_hints(noun)
    fields: dict[str, Any] = {}
    for field in dataclasses.fields(noun):
        if field.name not in apart:
            optional = (
                field.default is not dataclasses.MISSING
                or field.default_factory is not dataclasses.MISSING
            )
            fields[field.name] = (hints[field.name], None if optional else ...)
    return create_model(noun.__name__, __config__=ConfigDict(strict=True, extra="forbid"), **fields)


def _tupled(value: Any) -> Any:
    """Lists as the tuples that nouns hold."""
    if isinstance(value, list):
        return tuple(map(_tupled, value))
    if isinstance(value, dict):
        return {k: _tupled(v) for k, v in value.items()}
    return value


def _wrong(error: Mapping[str, Any], known: Iterable[str]) -> Wrong:
    place = tuple(map(str, error["loc"]))
    word = place[0] if place else ""
    if error["type"] == "missing":
        return (), f"缺少 {word}"
    if error["type"] == "extra_forbidden":
        near = difflib.get_close_matches(word, list(known), 1)
        return (word,), f"不认识的词“{word}”" + (f"，是不是 {near[0]}" if near else "")
    below = "".join(f"第 {int(p) + 1} 项" if p.isdigit() else f" {p} " for p in place[1:])
    return (
        word,
    ), f"{word} {'的' + below if below else ''}{_SAID.get(error['type'], error['msg'])}"
