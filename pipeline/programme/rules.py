"""Reads [[rules]]: every word known, every option in place, every check with a failing example."""

from __future__ import annotations

import re
import string
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from pipeline.checks import OVER_RETURNS, VOCABULARY, Example, Rule
from pipeline.model import Severity
from pipeline.programme.engine_rules import ENGINE_RULES
from pipeline.programme.shapes import MOST, Wrong, read_as

TIERS = ("cell", "row", "return")
AUDIENCES = ("", "clerk")  # everybody, or whoever adds up alone
_PERIOD = re.compile(r"20\d{2}(-(0[1-9]|1[0-2]))?")
_CODE = re.compile(r"[A-Z]\d{2}")
_APART = frozenset({"severity", "options", "ok", "bad"})
_WORDS = frozenset(Rule.__dataclass_fields__) - {"options"}
_DATED, _NUMBERED = frozenset({"day"}), frozenset({"id", "certificate"})
# the kinds of field a check can look at, and of the other field it is held against
FITTING: Mapping[str, tuple[frozenset[str], frozenset[str]]] = {
    "not_rounded": (_NUMBERED, frozenset()),
    "not_filled_down": (frozenset({"id"}), frozenset()),
    "sound_length": (frozenset({"id"}), frozenset()),
    "sound_characters": (frozenset({"id"}), frozenset()),
    "sound_date": (frozenset({"id"}), frozenset()),
    "sound_checksum": (frozenset({"id"}), frozenset()),
    "without_doubt": (_DATED, frozenset()),
    "known_word": (frozenset({"code"}), frozenset()),
    "dialable": (frozenset({"phone"}), frozenset()),
    "woman": (frozenset({"code"}), frozenset({"id"})),
    "not_answered_no": (frozenset({"code"}), frozenset()),
    "same_person": (frozenset({"certificate"}), frozenset({"id"})),
    "not_before": (_DATED, _DATED),
    "within_period": (_DATED, _DATED),
    "agrees_with_certificate": (frozenset({"code"}), frozenset({"certificate"})),
    "same_birth": (frozenset({"birth"}), frozenset({"id"})),
    "age_between": (frozenset({"id"}), frozenset()),
    "begun_in_return_year": (_DATED, frozenset()),
}


def read_rule(entry: Mapping[str, Any]) -> tuple[Rule | None, list[Wrong]]:
    """One entry of [[rules]], or everything that is wrong with it in the words of an officer."""
    plain = {word: value for word, value in entry.items() if word in _WORDS}
    values, wrong = read_as(Rule, plain, apart=_APART)
    wrong += _severity(entry)
    if wrong:
        return None, wrong
    check = entry.get("check", "")
    wrong += _options(entry) if check else _unasked(entry)
    wrong += [*_examples(entry), *_dates(entry), *_code(entry), *_audience(entry)]
    if check and not entry.get("bad"):
        wrong.append(((), f"规则 {entry['code']} 没有不通过的例子，请写 bad = [{{ … }}]"))
    if wrong:
        return None, wrong
    options = {word: entry[word] for word in sorted(set(entry) - _WORDS)}
    wrong += [(("message",), fault) for fault in _message(entry, options)]
    values |= {
        "severity": Severity(entry["severity"]),
        "tier": _tier(entry),
        "at": values.get("at") or ((entry["field"],) if "field" in entry else ()),
        "options": options,
        "title": entry.get("title") or _first_clause(entry["message"]),
        "ok": tuple(map(_example, entry.get("ok", ()))),
        "bad": tuple(map(_example, entry.get("bad", ()))),
    }
    return Rule(**values), wrong


def _tier(entry: Mapping[str, Any]) -> str:
    """When the rule is held: what one row alone shows need not wait for the whole return."""
    tier, check = str(entry.get("tier", "")), entry.get("check")
    return "row" if tier == "return" and check not in OVER_RETURNS else tier


def _severity(entry: Mapping[str, Any]) -> Iterator[Wrong]:
    if "severity" not in entry:
        yield (), "缺少 severity"
    elif entry["severity"] not in list(Severity):
        yield ("severity",), f"severity = “{entry['severity']}”，只能是 {'、'.join(Severity)}"


def _audience(entry: Mapping[str, Any]) -> Iterator[Wrong]:
    if (audience := entry.get("audience", "")) not in AUDIENCES:
        known = "、".join(filter(None, AUDIENCES))
        yield ("audience",), f"audience = “{audience}”，只能是 {known}，或不写"


def _code(entry: Mapping[str, Any]) -> Iterator[Wrong]:
    if not _CODE.fullmatch(entry["code"]):
        yield ("code",), f"code = “{entry['code']}”，应为一个字母加两位数字，如 R23"


def _unasked(entry: Mapping[str, Any]) -> Iterator[Wrong]:
    if entry.get("tier") in TIERS and entry["code"] not in ENGINE_RULES:
        yield (), f'规则 {entry["code"]} 没有写 check，要写查什么，如 check = "present"'
    for word in entry:
        if word not in _WORDS:
            yield (word,), f"不认识的词“{word}”"


def _options(entry: Mapping[str, Any]) -> Iterator[Wrong]:
    """The options its check asks for, no more and no fewer."""
    check = entry["check"]
    if entry.get("tier") not in TIERS:
        yield ("tier",), f"tier 只能是 {'、'.join(TIERS)}"
    if not entry.get("field"):
        yield (), "缺少 field"
    if check not in VOCABULARY:
        yield ("check",), f"check = “{check}” 不在规则词表中：{'、'.join(VOCABULARY)}"
        return
    word = VOCABULARY[check]
    wanted = word.numbers | word.texts
    given = set(entry) - _WORDS
    for option in sorted(given - wanted):
        yield (option,), f"不认识的词“{option}”"
    if missing := wanted - given:
        yield ("check",), f"check = “{check}” 还要写明 {'、'.join(sorted(missing))}"
    for option in sorted(given & wanted):
        kind = int if option in word.numbers else str
        if isinstance(entry[option], bool) or not isinstance(entry[option], kind):
            yield (option,), f"{option} 要写成{'整数' if kind is int else '带引号的文字'}"
        elif kind is str and not entry[option].strip():
            yield (option,), f"{option} 不能空着"
        elif kind is int and abs(entry[option]) > MOST:
            yield (option,), f"{option} 的数太大"


def _dates(entry: Mapping[str, Any]) -> Iterator[Wrong]:
    since, until = entry.get("since", ""), entry.get("until", "")
    for word, given in (("since", since), ("until", until)):
        if given and not _PERIOD.fullmatch(given):
            yield (word,), f"{word} = “{given}”，应写成 2019 或 2019-03 的样式"
    shared = min(len(since), len(until))
    if shared and since[:shared] > until[:shared]:
        yield ("since",), f"since = “{since}” 晚于 until = “{until}”"


def _message(entry: Mapping[str, Any], options: Mapping[str, object]) -> Iterator[str]:
    """A message holds the slots that are filled when it is said, and no others."""
    slots = slots_of(entry["message"])
    if entry.get("check"):
        needed, known = frozenset[str](), frozenset({"value", *options})
    else:
        needed, known = ENGINE_RULES.get(entry["code"], (frozenset(), frozenset(slots)))
    for slot in sorted(slots - known):
        yield unfilled(slot, known)
    for slot in sorted(needed - slots):
        yield f"message 里要有 {{{slot}}}，程序在这里写明是哪一处、多少"


def slots_of(text: str) -> set[str]:
    """The names in braces; of a text whose braces do not pair, the brace."""
    try:
        return {name for _, name, _, _ in string.Formatter().parse(text) if name is not None}
    except ValueError:
        return {"{"}


def unfilled(slot: str, known: Iterable[str]) -> str:
    """What to say of a slot in a message that nobody fills."""
    available = "、".join(f"{{{s}}}" for s in sorted(known)) or "无"
    return f"message 里的 {{{slot}}} 程序不会填，可用的：{available}"


def _examples(entry: Mapping[str, Any]) -> Iterator[Wrong]:
    for word in ("ok", "bad"):
        examples = entry.get(word, [])
        if not isinstance(examples, list):
            yield (word,), f"{word} 要写成方括号里的一列，如 {word} = [{{ … }}]"
        elif not all(_is_example(one) for one in examples):
            yield (
                (word,),
                f"{word} 里的每个例子要写成 {{ 字段 = … }}，整张名单的写成 [{{ … }}, {{ … }}]",
            )


def _is_example(example: object) -> bool:
    rows: Iterable[object] = example if isinstance(example, list) else [example]
    return bool(example) and all(isinstance(row, dict) and row for row in rows)


def _example(example: Any) -> Example:
    """`{ field = … }`, or several in brackets where the rule looks at a whole roster."""
    return tuple(example) if isinstance(example, list) else (example,)


def _first_clause(message: str) -> str:
    """A rule's short title where it gives none: its message up to the first stop."""
    return re.split("[，。：（]", re.sub(r"“?\{\w+\}”?", "", message))[0].strip()
