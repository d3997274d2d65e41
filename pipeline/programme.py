"""Reads schemas/<programme>/: fields, rules, units, indicators, agencies. Everything is data there."""

from __future__ import annotations

import csv
import hashlib
import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import Any

from pipeline.checks import VOCABULARY, Rule
from pipeline.model import Issue, Severity, Unit
from pipeline.units import Gazetteer
from pipeline.values import fold

READERS = frozenset(
    {"text", "name", "id", "certificate", "code", "category_grade", "day", "span", "birth", "phone"}
)
TIERS = frozenset({"cell", "row", "return"})


class ProgrammeFault(Exception):
    """The programme's files are wrong; says file, line and what to mend."""

    def __init__(self, file: Path | str, line: int | None, message: str) -> None:
        place = f"{file} 第 {line} 行" if line else str(file)
        super().__init__(f"{place}：{message}")


@dataclass(frozen=True)
class Field:
    """One column a roster may have."""

    name: str
    label: str
    headers: tuple[str, ...]
    kind: str
    required: bool = False
    derive: bool = False
    sensitive: bool = False
    codes: str = ""
    on: tuple[str, ...] = ()
    fills: tuple[str, ...] = ()
    tracked: bool = True  # whether the register notes when it changes from return to return


@dataclass(frozen=True)
class Kind:
    """One kind of roster."""

    name: str
    label: str
    title_words: tuple[str, ...]
    start: str
    finish: str
    activity: str


@dataclass(frozen=True)
class Indicator:
    """What is counted and set against a target."""

    name: str
    label: str
    counted_label: str
    kind: str
    target_headers: tuple[str, ...]
    total_words: tuple[str, ...]
    total: int


@dataclass(frozen=True)
class Meaning:
    """What a status on a reference list says, and the rule it is reported under (none: sound)."""

    label: str
    words: tuple[str, ...]
    rule: str = ""


@dataclass(frozen=True)
class Reference:
    """A list that rosters are held against, and how it is recognised."""

    name: str
    label: str
    keys: tuple[str, ...]
    titles: tuple[str, ...]
    marks: tuple[str, ...] = ()  # headers that only such a list has
    status: tuple[str, ...] = ()
    dates: tuple[str, ...] = ()
    meanings: tuple[Meaning, ...] = ()
    unlisted: str = ""  # the rule for a person whom it should name and does not


@dataclass(frozen=True)
class Agency:
    """Who receives the province's report."""

    name: str
    full_name: str
    department: str


@dataclass(frozen=True)
class Programme:
    """A programme as its folder says it."""

    name: str
    folder: Path
    digest: str
    title: str
    short_title: str
    notice: str
    deadline: str
    scope: str
    years: tuple[int, ...]
    trust: tuple[str, ...]
    letterhead: Mapping[str, str]
    words: Mapping[str, frozenset[str]]
    indicators: tuple[Indicator, ...]
    kinds: tuple[Kind, ...]
    agencies: tuple[Agency, ...]
    fields: tuple[Field, ...]
    rules: tuple[Rule, ...]
    code_words: Mapping[str, Mapping[str, str]]
    code_labels: Mapping[str, Mapping[str, str]]
    gazetteer: Gazetteer
    references: tuple[Reference, ...] = ()

    @cached_property
    def field(self) -> dict[str, Field]:
        """Field by name."""
        return {f.name: f for f in self.fields}

    @cached_property
    def kind(self) -> dict[str, Kind]:
        """Kind by name."""
        return {k.name: k for k in self.kinds}

    @cached_property
    def indicator_of(self) -> dict[str, Indicator]:
        """Indicator by the kind of roster it counts."""
        return {i.kind: i for i in self.indicators}

    @cached_property
    def rule(self) -> dict[str, Rule]:
        """Rule by code."""
        return {r.code: r for r in self.rules}

    def fields_of(self, kind: str) -> list[Field]:
        """The fields a roster of that kind may have."""
        return [f for f in self.fields if not f.on or kind in f.on]

    def rules_of(self, tier: str, kind: str) -> list[Rule]:
        """The rules of a tier that apply to a kind of roster, in the order of the file."""
        known = {f.name for f in self.fields_of(kind)}
        return [r for r in self.rules if r.tier == tier and r.field in known]

    def issue(self, code: str, **slots: object) -> Issue:
        """An issue in the words of its rule, with the slots filled in."""
        rule = self.rule[code]
        return Issue(rule=code, severity=rule.severity, message=rule.message.format(**slots))

    @property
    def office(self) -> str:
        """The office that runs the job, for the letterhead."""
        top = self.gazetteer.top
        named = self.letterhead.get(top)
        return named or self.letterhead["default"].format(unit=self.gazetteer.name(top))

    def for_filer(self, code: str) -> Programme:
        """The same programme as run by the office of one unit: only the units below it."""
        if code == self.gazetteer.top:
            return self
        if code not in self.gazetteer.by_code:
            raise ProgrammeFault("pipeline.toml", None, f"filer = “{code}” 不在 units.csv 中")
        below = tuple(u for u in self.gazetteer.units if code in (u.code, u.parent))
        elsewhere = tuple(u for u in self.gazetteer.units if u not in below)
        return replace(self, gazetteer=Gazetteer(below, code, elsewhere))


def load_programme(schemas: Path, name: str) -> Programme:
    """Read and check schemas/<name>/ together with schemas/common.toml.

    Raises ProgrammeFault with file and line for anything that cannot be understood.
    """
    folder = schemas / name
    file = folder / "programme.toml"
    common, main = _Toml(schemas / "common.toml"), _Toml(file)
    words, labels = _codes(folder / "codes")
    fields = tuple(main.build("fields", Field, _field))
    rules = [*common.build("rules", Rule, _rule), *main.build("rules", Rule, _rule)]
    programme = Programme(
        name=name,
        folder=folder,
        digest=_digest([schemas / "common.toml", *sorted(folder.rglob("*"))]),
        title=main.text("title"),
        short_title=main.text("short_title"),
        notice=main.text("notice"),
        deadline=main.text("deadline"),
        scope=main.text("scope"),
        years=tuple(main.whole["years"]),
        trust=tuple(main.whole["trust"]["order"]),
        letterhead=main.whole["letterhead"],
        words={k: frozenset(map(fold, v)) for k, v in main.whole["words"].items()},
        indicators=tuple(main.build("indicators", Indicator)),
        kinds=tuple(main.build("kinds", Kind)),
        agencies=tuple(main.build("agencies", Agency)),
        fields=fields,
        rules=tuple(rules),
        code_words=words,
        code_labels=labels,
        gazetteer=Gazetteer(_units(folder / "units.csv"), main.text("province")),
        references=tuple(main.build("references", Reference, _reference)),
    )
    _check(programme, common, main)
    return programme


class _Toml:
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
        value = self.whole.get(key)
        if not isinstance(value, str):
            raise ProgrammeFault(self.path, self.line(rf"{key}\s*=") or 1, f'缺少 {key} = "…"')
        return value

    def line(self, pattern: str, nth: int = 0) -> int | None:
        hits = [i for i, text in enumerate(self.lines, 1) if re.match(rf"\s*{pattern}", text)]
        return hits[nth] if nth < len(hits) else None

    def build(self, table: str, noun: type[Any], make: Any = None) -> Iterator[Any]:
        for nth, entry in enumerate(self.whole.get(table, [])):
            try:
                yield (make or _plain(noun))(entry)
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


def _plain(noun: type[Any]) -> Any:
    def make(entry: dict[str, Any]) -> Any:
        return noun(**{k: tuple(v) if isinstance(v, list) else v for k, v in entry.items()})

    return make


def _field(entry: dict[str, Any]) -> Field:
    field: Field = _plain(Field)(entry)
    if field.kind not in READERS:
        raise ValueError(f"kind = “{field.kind}” 不在可用的写法中：{'、'.join(sorted(READERS))}")
    return field


def _reference(entry: dict[str, Any]) -> Reference:
    meanings = tuple(_plain(Meaning)(m) for m in entry.get("meanings", ()))
    return replace(_plain(Reference)({**entry, "meanings": []}), meanings=meanings)


_RULE_WORDS = frozenset(
    {"code", "severity", "message", "check", "tier", "field", "at", "source", "title"}
)
_RULE_OPTIONS = frozenset({"least", "most"})


def _rule(entry: dict[str, Any]) -> Rule:
    unknown = set(entry) - _RULE_WORDS - _RULE_OPTIONS
    if unknown:
        raise ValueError(f"不认识的词“{'、'.join(sorted(unknown))}”")
    if entry["severity"] not in list(Severity):
        raise ValueError(f"severity = “{entry['severity']}”，只能是 error、warning 或 info")
    if "check" in entry and entry["check"] not in VOCABULARY:
        raise ValueError(f"check = “{entry['check']}” 不在规则词表中：{'、'.join(VOCABULARY)}")
    if "check" in entry and entry.get("tier") not in TIERS:
        raise ValueError(f"tier 只能是 {'、'.join(sorted(TIERS))}")
    options = {k: v for k, v in entry.items() if k in _RULE_OPTIONS}
    rest = {k: v for k, v in entry.items() if k in _RULE_WORDS - {"severity", "at", "title"}}
    at = tuple(entry.get("at", ())) or ((entry["field"],) if "field" in entry else ())
    title = entry.get("title") or _first_clause(entry["message"])
    return Rule(severity=Severity(entry["severity"]), at=at, options=options, title=title, **rest)


def _first_clause(message: str) -> str:
    """A rule's short title where it gives none: its message up to the first stop."""
    return re.split("[，。：（]", re.sub(r"“?\{\w+\}”?", "", message))[0].strip()


def _check(programme: Programme, common: _Toml, main: _Toml) -> None:
    """What one entry alone cannot show: doubles, and names that lead nowhere."""
    seen: set[str] = set()
    for nth, rule in enumerate(programme.rules):
        owner, place = (common, nth) if nth < len(common.whole["rules"]) else (main, None)
        nth_in_main = nth - len(common.whole["rules"])
        line = owner.line(r"\[\[rules\]\]", nth_in_main if place is None else place)
        if rule.code in seen:
            raise ProgrammeFault(owner.path, line, f"规则代码 {rule.code} 用了两次")
        seen.add(rule.code)
        for name in {rule.field, *rule.at} - {""}:
            if name not in programme.field:
                raise ProgrammeFault(owner.path, line, f"规则 {rule.code} 指向不存在的字段“{name}”")
    for nth, field in enumerate(programme.fields):
        line = main.line(r"\[\[fields\]\]", nth)
        if field.codes and field.codes not in programme.code_words:
            raise ProgrammeFault(main.path, line, f"没有代码表 codes/{field.codes}.csv")
        for name in field.fills:
            if name not in programme.field:
                raise ProgrammeFault(main.path, line, f"fills 指向不存在的字段“{name}”")
    for nth, reference in enumerate(programme.references):
        for code in {reference.unlisted, *(m.rule for m in reference.meanings)} - {""}:
            if code not in seen:
                line = main.line(r"\[\[references\]\]", nth)
                raise ProgrammeFault(main.path, line, f"没有规则 {code}")
    for kind in programme.kinds:
        owners: dict[str, str] = {}
        for field in programme.fields_of(kind.name):
            for header in map(fold, field.headers):
                if owners.setdefault(header, field.name) != field.name:
                    line = main.line(rf'name\s*=\s*"{field.name}"')
                    raise ProgrammeFault(
                        main.path, line, f"表头“{header}”同时属于 {owners[header]} 和 {field.name}"
                    )


def _csv(path: Path) -> Iterator[dict[str, str]]:
    try:
        with path.open(encoding="utf-8-sig", newline="") as stream:
            yield from csv.DictReader(stream)
    except FileNotFoundError:
        raise ProgrammeFault(path, None, "找不到这个文件") from None
    except UnicodeDecodeError:
        raise ProgrammeFault(path, None, "不是 UTF-8 编码，请用 UTF-8 另存") from None


def _codes(folder: Path) -> tuple[dict[str, dict[str, str]], dict[str, dict[str, str]]]:
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


def _units(path: Path) -> tuple[Unit, ...]:
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


def _digest(paths: Iterable[Path]) -> str:
    """One sha256 over the names and bytes of the programme's files."""
    whole = hashlib.sha256()
    for path in paths:
        if path.is_file():
            whole.update(path.name.encode() + b"\0" + path.read_bytes() + b"\0")
    return whole.hexdigest()
