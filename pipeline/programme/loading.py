"""Reads schemas/<programme>/ and checks that its parts fit together."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from pipeline.checks import Rule
from pipeline.programme.derivations import read_derivation
from pipeline.programme.lists import read_codes, read_lookalikes, read_units
from pipeline.programme.nouns import Agency, Field, Indicator, Kind, Programme
from pipeline.programme.references import read_reference
from pipeline.programme.rules import read_rule
from pipeline.programme.toml import ProgrammeFault, Toml, plain
from pipeline.units import Gazetteer
from pipeline.values import fold

READERS = frozenset(
    {"text", "name", "id", "certificate", "code", "category_grade", "day", "span", "birth", "phone"}
)
_OF_EXAMPLES = frozenset({"period"})  # what an example may say besides its fields


def load_programme(schemas: Path, name: str) -> Programme:
    """Read and check schemas/<name>/ together with schemas/common.toml.

    Raises ProgrammeFault with file and line for anything that cannot be understood.
    """
    folder = schemas / name
    common, main = Toml(schemas / "common.toml"), Toml(folder / "programme.toml")
    words, labels = read_codes(folder / "codes")
    programme = Programme(
        name=name,
        folder=folder,
        digest=_digest(
            [schemas / "common.toml", schemas / "形近字.csv", *sorted(folder.rglob("*"))]
        ),
        title=main.text("title"),
        short_title=main.text("short_title"),
        notice=main.text("notice"),
        deadline=main.text("deadline"),
        scope=main.text("scope"),
        years=tuple(main.whole["years"]),
        trust=tuple(main.whole["trust"]["order"]),
        letterhead=main.whole["letterhead"],
        words={k: frozenset(map(fold, v)) for k, v in main.whole["words"].items()},
        indicators=tuple(main.build("indicators", plain(Indicator))),
        kinds=tuple(main.build("kinds", plain(Kind))),
        agencies=tuple(main.build("agencies", plain(Agency))),
        fields=tuple(main.build("fields", _field)),
        rules=tuple(r for file in (common, main) for r in file.build("rules", read_rule)),
        code_words=words,
        code_labels=labels,
        lookalikes=read_lookalikes(schemas / "形近字.csv"),
        gazetteer=Gazetteer(read_units(folder / "units.csv"), main.text("province")),
        references=tuple(main.build("references", read_reference)),
    )
    _check_rules(programme, common, main)
    _check_fields(programme, main)
    _check_headers(programme, main)
    _check_references(programme, main)
    return programme


def _field(entry: dict[str, Any]) -> Field:
    said = entry.get("derive")
    derive = read_derivation(str(said)) if said is not None else None
    field = plain(Field)({**entry, "derive": derive})
    if field.kind not in READERS:
        raise ValueError(f"kind = “{field.kind}” 不在可用的写法中：{'、'.join(sorted(READERS))}")
    return field


def _check_rules(programme: Programme, common: Toml, main: Toml) -> None:
    """What one rule alone cannot show: doubles, and names that lead nowhere."""
    seen: set[str] = set()
    for rule, file, line in _rules_with_lines(programme, common, main):
        if rule.code in seen:
            raise ProgrammeFault(file, line, f"规则代码 {rule.code} 用了两次")
        seen.add(rule.code)
        for name in sorted(_fields_named(rule) - set(programme.field)):
            raise ProgrammeFault(file, line, f"规则 {rule.code} 指向不存在的字段“{name}”")
        for name in sorted(set(rule.on) - set(programme.kind)):
            raise ProgrammeFault(file, line, f"规则 {rule.code} 的 on 指向不存在的名单“{name}”")


def _rules_with_lines(
    programme: Programme, common: Toml, main: Toml
) -> Iterator[tuple[Rule, Path, int | None]]:
    rules = iter(programme.rules)
    for file in (common, main):
        for nth in range(len(file.whole.get("rules", []))):
            yield next(rules), file.path, file.line(r"\[\[rules\]\]", nth)


def _fields_named(rule: Rule) -> set[str]:
    examples = {name for example in (*rule.ok, *rule.bad) for row in example for name in row}
    other = {str(rule.options["other"])} if "other" in rule.options else set()
    return {rule.field, *rule.at, *other, *(examples - _OF_EXAMPLES)} - {""}


def _check_fields(programme: Programme, main: Toml) -> None:
    for nth, field in enumerate(programme.fields):
        line = main.line(r"\[\[fields\]\]", nth)
        if field.codes and field.codes not in programme.code_words:
            raise ProgrammeFault(main.path, line, f"没有代码表 codes/{field.codes}.csv")
        for name in field.fills:
            if name not in programme.field:
                raise ProgrammeFault(main.path, line, f"fills 指向不存在的字段“{name}”")


def _check_headers(programme: Programme, main: Toml) -> None:
    """No header may claim two fields of one kind of roster."""
    for kind in programme.kinds:
        owners: dict[str, str] = {}
        for field in programme.fields_of(kind.name):
            for header in map(fold, field.headers):
                if owners.setdefault(header, field.name) != field.name:
                    line = main.line(rf'name\s*=\s*"{field.name}"')
                    raise ProgrammeFault(
                        main.path, line, f"表头“{header}”同时属于 {owners[header]} 和 {field.name}"
                    )


def _check_references(programme: Programme, main: Toml) -> None:
    for nth, reference in enumerate(programme.references):
        for code in sorted(reference.rules - set(programme.rule)):
            line = main.line(r"\[\[references\]\]", nth)
            raise ProgrammeFault(main.path, line, f"没有规则 {code}")


def _digest(paths: Iterable[Path]) -> str:
    """One sha256 over the names and bytes of the programme's files."""
    whole = hashlib.sha256()
    for path in paths:
        if path.is_file():
            whole.update(path.name.encode() + b"\0" + path.read_bytes() + b"\0")
    return whole.hexdigest()
