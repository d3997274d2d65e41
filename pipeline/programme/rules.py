"""Reads [[rules]]: every word known, every option in place, every check with a failing example."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any

from pipeline.checks import VOCABULARY, Example, Rule
from pipeline.model import Severity

TIERS = frozenset({"cell", "row", "return"})
_TEXTS = ("code", "message", "source", "check", "tier", "field", "title", "since", "until")
_LISTS = ("at", "on", "ok", "bad")
_PERIOD = re.compile(r"20\d{2}(-(0[1-9]|1[0-2]))?")
_CODE = re.compile(r"[A-Z]\d{2}")


def read_rule(entry: Mapping[str, Any]) -> Rule:
    """One entry of [[rules]]; raises ValueError, in the words of an officer, for what is wrong."""
    for word in ("code", "severity", "message", "source"):
        if word not in entry:
            raise ValueError(f"缺少 {word}")
    if entry["severity"] not in list(Severity):
        raise ValueError(f"severity = “{entry['severity']}”，只能是 {'、'.join(Severity)}")
    if not _CODE.fullmatch(entry["code"]):
        raise ValueError(f"code = “{entry['code']}”，应为一个字母加两位数字，如 R23")
    options = _options(entry)
    _texts_are_texts(entry)
    rule = Rule(
        severity=Severity(entry["severity"]),
        at=tuple(entry.get("at", ())) or ((entry["field"],) if "field" in entry else ()),
        on=tuple(entry.get("on", ())),
        options=options,
        title=entry.get("title") or _first_clause(entry["message"]),
        ok=tuple(map(_example, entry.get("ok", ()))),
        bad=tuple(map(_example, entry.get("bad", ()))),
        **{k: entry[k] for k in _TEXTS if k in entry and k != "title"},
    )
    _dates_fit(rule)
    if rule.check and not rule.bad:
        raise ValueError(f"规则 {rule.code} 没有不通过的例子，请写 bad = [{{ … }}]")
    return rule


def _options(entry: Mapping[str, Any]) -> dict[str, object]:
    """The options its check asks for, no more and no fewer; unknown words are refused."""
    check = entry.get("check")
    if check is not None and check not in VOCABULARY:
        raise ValueError(f"check = “{check}” 不在规则词表中：{'、'.join(VOCABULARY)}")
    if check is not None and entry.get("tier") not in TIERS:
        raise ValueError(f"tier 只能是 {'、'.join(sorted(TIERS))}")
    if check is not None and "field" not in entry:
        raise ValueError("缺少 field")
    word = VOCABULARY[check] if check is not None else None
    wanted = word.numbers | word.texts if word else frozenset()
    given = set(entry) - {*_TEXTS, *_LISTS, "severity"}
    if unknown := given - wanted:
        raise ValueError(f"不认识的词“{'、'.join(sorted(unknown))}”")
    if missing := wanted - given:
        raise ValueError(f"check = “{check}” 还要写明 {'、'.join(sorted(missing))}")
    for option in given:
        number = word is not None and option in word.numbers
        if isinstance(entry[option], bool) or not isinstance(entry[option], int if number else str):
            raise ValueError(f"{option} 要写成{'整数' if number else '带引号的文字'}")
    return {option: entry[option] for option in sorted(given)}


def _texts_are_texts(entry: Mapping[str, Any]) -> None:
    for word in _TEXTS:
        if not isinstance(entry.get(word, ""), str):
            raise ValueError(f"{word} 要写成带引号的文字")
    for word in _LISTS:
        if not isinstance(entry.get(word, []), list):
            raise ValueError(f"{word} 要写成方括号里的一列")


def _dates_fit(rule: Rule) -> None:
    for word, said in (("since", rule.since), ("until", rule.until)):
        if said and not _PERIOD.fullmatch(said):
            raise ValueError(f"{word} = “{said}”，应写成 2019 或 2019-03 的样式")
    shared = min(len(rule.since), len(rule.until))
    if shared and rule.since[:shared] > rule.until[:shared]:
        raise ValueError(f"since = “{rule.since}” 晚于 until = “{rule.until}”")


def _example(said: object) -> Example:
    """`{ field = … }`, or several in brackets where the rule looks at a whole roster."""
    rows: Iterable[object] = said if isinstance(said, list) else [said]
    if not all(isinstance(row, dict) and row for row in rows):
        raise ValueError("ok、bad 里的每个例子要写成 { 字段 = … }，整张名单的写成 [{ … }, { … }]")
    return tuple(row for row in rows if isinstance(row, dict))


def _first_clause(message: str) -> str:
    """A rule's short title where it gives none: its message up to the first stop."""
    return re.split("[，。：（]", re.sub(r"“?\{\w+\}”?", "", message))[0].strip()
