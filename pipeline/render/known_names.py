"""Which names templates may speak of, and what is wrong in a template, told before anything is read."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any, NamedTuple

from pipeline.office.fill.template_texts import Typed, typed_in
from pipeline.office.fill.used_names import Broken, used_names
from pipeline.programme import Programme
from pipeline.programme.engine_rules import TEMPLATES
from pipeline.programme.faults import Faults, ProgrammeFault

NAMES = "名字说明.csv"
Tree = dict[str, Any]
_METHODS = frozenset({*dir(str), *dir(dict), *dir(list), *dir(int), *dir(float)})


class Name(NamedTuple):
    """One name: in which papers it is known, an example, and what it says."""

    papers: str
    name: str
    example: str
    sentence: str


def template_names(shipped: Path, programme: Programme) -> list[Name]:
    """All names of a programme, from 名字说明.csv beside the shipped templates."""
    with (shipped / NAMES).open(encoding="utf-8-sig", newline="") as stream:
        written = [Name(**line) for line in csv.DictReader(stream)]
    return [one for name in written for one in _spelled(name, programme)]


def names_in_words(shipped: Path, programme: Programme) -> list[dict[str, str]]:
    """Every name as a template writes it: papers, list (over which a row repeats), tag, example, sentence."""
    renamed = []
    for name in template_names(shipped, programme):
        *lists, rest = name.name.split("[]")
        tag = f"line{rest}" if lists else rest
        renamed.append(
            {
                "papers": name.papers,
                "list": "[]".join(lists),
                "tag": "{{ " + tag + " }}",
                "example": name.example,
                "sentence": name.sentence,
            }
        )
    return renamed


def _spelled(name: Name, programme: Programme) -> Iterator[Name]:
    """The name for each indicator, breakdown or field of the programme it is written for."""
    labels = {
        "{indicator}": {i.name: i.label for i in programme.indicators},
        "{breakdown}": {b.name: b.label for b in programme.breakdowns},
        "{field}": {f.name: f.label for f in programme.fields}
        | {"seq": "序号", "unit_name": "上报单位", "prefecture_name": "所属市（州）"},
    }
    for slot, words in labels.items():
        if slot in name.name:
            for word, label in words.items():
                renamed = name._replace(name=name.name.replace(slot, word))
                sentence = f"{label}：{name.sentence}"
                yield from _spelled(renamed._replace(sentence=sentence), programme)
            return
    yield name


def check_templates(templates: Path, shipped: Path, programme: Programme) -> None:
    """Raises ProgrammeFault for every broken tag and every name nobody knows, with file and place.

    What a shipped template of the same name speaks of is known too, and one that is as it was shipped
    needs no check.
    """
    faults = Faults()
    names: list[Name] = []
    for file in (templates / name for name in TEMPLATES):
        twins = sorted(
            shipped.glob(f"*/{file.name}")
        )  # an office's own programme begins with a copy
        if any(twin.read_bytes() == file.read_bytes() for twin in twins):
            continue
        names = names or template_names(shipped, programme)
        known = (n.name for n in names if file.name in n.papers.split("、"))
        try:
            tree = _tree([*known, *(path for twin in twins for path in _spoken(twin))])
            for typed in typed_in(file):
                for place, why in _wrong(typed, tree):
                    faults.add(file, None, f"{place}：{why}")
        except ProgrammeFault as fault:
            faults.take(fault)
    faults.stop()


def _spoken(template: Path) -> Iterable[str]:
    return [used.path for typed in typed_in(template) for used in used_names(typed.text, typed.bound)]  # fmt: skip


def _tree(paths: Iterable[str]) -> Tree:
    tree: Tree = {}
    for path in paths:
        node = tree
        for word in path.replace("[]", ".[]").split("."):
            node = node.setdefault(word, {})
    return tree


def _wrong(typed: Typed, tree: Tree) -> Iterator[tuple[str, str]]:
    try:
        used = used_names(typed.text, typed.bound)
    except Broken as fault:
        yield typed.place(fault.line), f"标签写法有误（{fault.why}）"
        return
    for path, line, word in used:
        if not _known(path, tree):
            yield typed.place(line), f"没有“{word}”这个名字。可用的名字见 pipeline templates 写出的名字一览"  # fmt: skip


def _known(path: str, tree: Tree) -> bool:
    """Whether a path leads somewhere; of what nothing is known below, everything may be."""
    node: Mapping[str, Any] = tree
    words = path.replace("[]", ".[]").split(".")
    for nth, word in enumerate(words):
        if word in node:
            node = node[word]
        else:
            return bool(nth and (not node or word in _METHODS or word == "[]"))
    return True
