"""How the parts of a programme fit each other: derivations, roles, measures, rules, references."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from pipeline.checks import Rule
from pipeline.programme.derivations import derivation_order
from pipeline.programme.draft import Codes, Draft
from pipeline.programme.engine_rules import ENGINE_RULES, OF_A_STATUS, OF_THE_UNLISTED
from pipeline.programme.measures import Measure
from pipeline.programme.nouns import ROLES, Field, Kind
from pipeline.programme.rules import FITTING, unfilled
from pipeline.programme.toml import Toml

# what may play a part; a part that is not named here may be played by any field
_ROLE_KINDS: Mapping[str, frozenset[str]] = {
    "person": frozenset({"id", "certificate", "text", "name"}),
    "certificate": frozenset({"certificate", "text"}),
    "start": frozenset({"day"}),
    "finish": frozenset({"day"}),
    "phone": frozenset({"phone", "text"}),
}
_SLOT = re.compile(r"\{(\w+)\}")
_OF_EXAMPLES = frozenset({"period"})  # what an example may say besides its fields


def check_fitting(draft: Draft, main: Toml, codes: Codes) -> None:
    """Adds to the draft's faults whatever leads nowhere or does not fit what it is used for."""
    _check_derivations(draft, codes)
    _check_kinds(draft, main)
    _check_indicators(draft, codes)
    _check_rules(draft)
    _check_engine_rules(draft, main)
    _check_references(draft)


def _check_derivations(draft: Draft, codes: Codes) -> None:
    fields = {field.name: field for _, field in draft.fields}
    derived = {name: f.derive for name, f in fields.items() if f.derive is not None}
    for entry, field in draft.fields:
        if field.derive is None:
            continue
        source = fields.get(field.derive.source)
        if source is None:
            draft.lead_somewhere(entry, "derive", [field.derive.source], "fields", "字段")
        elif source.fills or field.fills:
            draft.fault(entry, "derive", "derive 不能用于有 fills 的字段")
        for code in filter(None, (field.derive.even, field.derive.odd)):
            if field.codes in codes and code not in codes[field.codes].values():
                draft.fault(entry, "derive", f"代码表 codes/{field.codes}.csv 中没有代码“{code}”")
    try:
        derivation_order(derived)
    except ValueError as fault:
        circle = re.findall(r"\w+", str(fault))
        at = next(e for e, f in draft.fields if f.name in circle)
        draft.fault(at, "derive", str(fault))


def _check_kinds(draft: Draft, main: Toml) -> None:
    fields = {field.name: field for _, field in draft.fields}
    if not draft.names.get("kinds"):
        draft.faults.add(main.path, 1, "缺少 [[kinds]]：至少要有一种名单")
    for entry, kind in draft.kinds:
        for role, name in kind.roles.items():
            line = entry.toml.line(entry.table, entry.nth, "roles", role)
            for fault in _role(role, name, kind.name, fields, draft.names.get("fields", set())):
                draft.faults.add(entry.path, line, f"[kinds.roles] {fault}")


def _role(
    role: str, name: str, kind: str, fields: Mapping[str, Field], names: set[str]
) -> Iterator[str]:
    if role not in ROLES:
        yield f"不认识的角色“{role}”，可用的：{'、'.join(ROLES)}"
    elif name not in names:
        yield f"{role} 指向不存在的字段“{name}”"
    elif name in fields:
        field, fitting = fields[name], _ROLE_KINDS.get(role)
        if field.on and kind not in field.on:
            yield f"{role} 的字段“{name}”不属于这种名单（它的 on 里没有 {kind}）"
        if field.fills:
            yield f"{role} 的字段“{name}”只填入别的字段，自己没有内容"
        elif fitting and field.kind not in fitting:
            yield f"{role} 的字段“{name}”的 kind 应为 {'、'.join(sorted(fitting))}"


def _check_indicators(draft: Draft, codes: Codes) -> None:
    kinds = {kind.name: kind for _, kind in draft.kinds}
    fields = {field.name: field for _, field in draft.fields}
    counted = [(entry, indicator.kind) for entry, indicator in draft.indicators]
    draft.once(counted, "kind", "名单“{}”已有一个指标，一种名单只计一个")
    for entry, indicator in draft.indicators:
        draft.lead_somewhere(entry, "kind", [indicator.kind], "kinds", "名单")
        if indicator.total < 0:
            draft.fault(entry, "total", "total 要写成 0 或大于 0 的整数")
        measure = indicator.measure
        if measure.field:
            draft.lead_somewhere(entry, "measure", [measure.field], "fields", "字段")
        for fault in _measure(measure, kinds.get(indicator.kind), fields.get(measure.field), codes):
            draft.fault(entry, "measure", fault)
    for entry, kind in draft.kinds:
        if counted and kind.name not in {name for _, name in counted}:
            draft.fault(
                entry,
                "name",
                f'名单“{kind.name}”没有指标，请加一段 [[indicators]]，kind = "{kind.name}"',
            )


def _measure(
    measure: Measure, kind: Kind | None, field: Field | None, codes: Codes
) -> Iterator[str]:
    if kind is not None and measure.counts_persons and not kind.role("person"):
        yield (
            f"名单“{kind.name}”没有 person 角色，数不出人："
            '请写 measure = "rows" 或 "sum:字段"，或在 [kinds.roles] 写 person'
        )
    if field is None or kind is None:
        return
    if field.on and kind.name not in field.on:
        yield f"字段“{field.name}”不属于名单“{kind.name}”"
    if measure.kind == "sum" and field.kind != "number":
        yield f'字段“{field.name}”不是数：求和的字段要写 kind = "number"'
    if measure.kind == "share" and measure.code not in codes.get(field.codes, {}).values():
        yield f"字段“{field.name}”没有代码“{measure.code}”"


def _check_rules(draft: Draft) -> None:
    """What one rule alone cannot show: doubles, names that lead nowhere, fields that do not fit."""
    fields = {field.name: field for _, field in draft.fields}
    known = draft.names.get("fields", set())
    draft.once([(entry, rule.code) for entry, rule in draft.rules], "code", "规则代码 {} 用了两次")
    for entry, rule in draft.rules:
        for word, names in _fields_named(rule).items():
            for name in sorted(names - known - {""}):
                draft.fault(entry, word, f"规则 {rule.code} 指向不存在的字段“{name}”")
        for name in rule.on:
            if name not in draft.names.get("kinds", ()):
                draft.fault(entry, "on", f"规则 {rule.code} 的 on 指向不存在的名单“{name}”")
        for word, fault in _unfit(rule, fields):
            draft.fault(entry, word, fault)


def _fields_named(rule: Rule) -> dict[str, set[str]]:
    """The fields a rule speaks of, by the word that names them."""
    examples = {n for example in (*rule.ok, *rule.bad) for row in example for n in row}
    return {
        "field": {rule.field},
        "other": {str(rule.options.get("other", ""))},
        "at": set(rule.at) - {rule.field},
        "bad": examples - _OF_EXAMPLES,
    }


def _unfit(rule: Rule, fields: Mapping[str, Field]) -> Iterator[tuple[str, str]]:
    """Fields of a kind that the rule's check cannot look at."""
    of_field, of_other = FITTING.get(rule.check, (frozenset(), frozenset()))
    named = (("field", rule.field, of_field), ("other", rule.options.get("other"), of_other))
    for word, name, fitting in named:
        field = fields.get(str(name))
        if field is None:
            continue
        if field.fills:
            yield word, f"字段“{name}”只填入别的字段，请查它填入的字段"
        elif fitting and field.kind not in fitting:
            yield (
                word,
                f"check = “{rule.check}” 查不了字段“{name}”（kind = “{field.kind}”），"
                f"只能查 {'、'.join(sorted(fitting))}",
            )


def _check_engine_rules(draft: Draft, main: Toml) -> None:
    """Every rule by which the program itself reports is there."""
    common = main.path.parent.parent / "common.toml"
    for code in sorted(set(ENGINE_RULES) - draft.names.get("rules", set())):
        draft.faults.add(
            common, None, f"缺少规则 {code}，程序读表、核对时要用：请照自带的 common.toml 补上"
        )


def _check_references(draft: Draft) -> None:
    rules = {rule.code: (entry, rule) for entry, rule in draft.rules}
    for entry, reference in draft.references:
        if not reference.keys:
            draft.fault(entry, "keys", "keys 里要有证号列的表头")
        for code in sorted(reference.rules):
            is_unlisted = code == reference.unlisted
            if code not in draft.names.get("rules", set()):
                draft.fault(entry, "unlisted" if is_unlisted else "meanings", f"没有规则 {code}")
            elif code in rules:
                where, rule = rules[code]
                slots = OF_THE_UNLISTED if is_unlisted else OF_A_STATUS
                for slot in sorted(set(_SLOT.findall(rule.message)) - slots):
                    draft.fault(where, "message", unfilled(slot, slots))
