"""A programme as written, before it is believed: its entries read as nouns, each with its line."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, NamedTuple, TypeVar

from pipeline.checks import Rule
from pipeline.programme.breakdowns import Breakdown, Outcome
from pipeline.programme.derivations import read_derivation
from pipeline.programme.faults import Faults, ProgrammeFault
from pipeline.programme.measures import read_measure
from pipeline.programme.nouns import Agency, Field, Indicator, Kind, Package
from pipeline.programme.references import Meaning, Reference
from pipeline.programme.reports import Concern, Report, Theme
from pipeline.programme.rules import read_rule
from pipeline.programme.shapes import Wrong, read_as
from pipeline.programme.supervision import Appraisal, Archive, Clue
from pipeline.programme.toml import Toml

T = TypeVar("T")

Codes = Mapping[str, Mapping[str, str]]  # per list: word as compared -> code

TABLES = (
    "indicators", "kinds", "agencies", "fields", "rules", "references", "breakdowns", "outcomes",
    "packages", "reports", "concerns", "themes", "archives", "appraisals", "clues",
)  # fmt: skip


@dataclass(frozen=True)
class Head:
    """What stands at the top of programme.toml and in its single sections."""

    title: str
    short_title: str
    notice: str
    province: str
    years: tuple[int, ...]
    scope: str
    deadline: str
    letterhead: Mapping[str, str]
    trust: Mapping[str, tuple[str, ...]]
    words: Mapping[str, tuple[str, ...]]
    letters: Mapping[str, str] = field(default_factory=dict)
    notice_title: str = ""
    lagging: int = 10
    inspection: Mapping[str, int] = field(default_factory=dict)
    total_row: str = "first"


class Entry(NamedTuple):
    """Where an entry stands: its file, its table, and the how-manieth it is there."""

    toml: Toml
    table: str
    nth: int

    @property
    def path(self) -> Path:
        """Its file."""
        return self.toml.path

    def line(self, *words: str) -> int:
        """The line of one of its words, or its own where it has none such."""
        return self.toml.line(self.table, self.nth, *words)


@dataclass
class Draft:
    """Everything read so far; names also of entries that could not be read as nouns."""

    faults: Faults
    head: Head | None = None
    indicators: list[tuple[Entry, Indicator]] = field(default_factory=list)
    kinds: list[tuple[Entry, Kind]] = field(default_factory=list)
    agencies: list[tuple[Entry, Agency]] = field(default_factory=list)
    fields: list[tuple[Entry, Field]] = field(default_factory=list)
    rules: list[tuple[Entry, Rule]] = field(default_factory=list)
    references: list[tuple[Entry, Reference]] = field(default_factory=list)
    breakdowns: list[tuple[Entry, Breakdown]] = field(default_factory=list)
    outcomes: list[tuple[Entry, Outcome]] = field(default_factory=list)
    packages: list[tuple[Entry, Package]] = field(default_factory=list)
    reports: list[tuple[Entry, Report]] = field(default_factory=list)
    concerns: list[tuple[Entry, Concern]] = field(default_factory=list)
    themes: list[tuple[Entry, Theme]] = field(default_factory=list)
    archives: list[tuple[Entry, Archive]] = field(default_factory=list)
    appraisals: list[tuple[Entry, Appraisal]] = field(default_factory=list)
    clues: list[tuple[Entry, Clue]] = field(default_factory=list)
    names: dict[str, set[str]] = field(default_factory=dict)  # by table

    def fault(self, entry: Entry, word: str, message: str) -> None:
        """A fault of one word of an entry."""
        self.faults.add(entry.path, entry.line(word), f"[[{entry.table}]] {message}")

    def once(self, keys: Iterable[tuple[Entry, str]], word: str, message: str) -> None:
        """A fault for every entry whose key an earlier one has."""
        seen: set[str] = set()
        for entry, key in keys:
            if key in seen:
                self.fault(entry, word, message.format(key))
            seen.add(key)

    def lead_somewhere(
        self, entry: Entry, word: str, names: Iterable[str], table: str, what: str
    ) -> None:
        """A fault for every name that no entry of a table bears."""
        for name in names:
            if name not in self.names.get(table, ()):
                self.fault(entry, word, f"{word} 指向不存在的{what}“{name}”")


def opened(path: Path, faults: Faults) -> Toml | None:
    """The file, or nothing where it cannot be read at all."""
    try:
        return Toml(path)
    except ProgrammeFault as fault:
        faults.take(fault)
        return None


def read_draft(common: Toml | None, main: Toml | None, faults: Faults) -> Draft:
    """Both files, entry by entry; whatever cannot be read is a fault and left out."""
    draft = Draft(faults)
    if common is not None:
        _unknown(common, ("rules",), faults)
        draft.rules += _read(common, "rules", read_rule, draft)
    if main is not None:
        draft.head = _head(main, faults)
        draft.indicators = _read(main, "indicators", _indicator, draft)
        draft.kinds = _read(main, "kinds", _plain(Kind), draft)
        draft.agencies = _read(main, "agencies", _plain(Agency), draft)
        draft.fields = _read(main, "fields", _field, draft)
        draft.rules += _read(main, "rules", read_rule, draft)
        draft.references = _read(main, "references", _reference, draft)
        draft.breakdowns = _read(main, "breakdowns", _plain(Breakdown), draft)
        draft.outcomes = _read(main, "outcomes", _plain(Outcome), draft)
        draft.packages = _read(main, "packages", _plain(Package), draft)
        draft.reports = _read(main, "reports", _plain(Report), draft)
        draft.concerns = _read(main, "concerns", _plain(Concern), draft)
        draft.themes = _read(main, "themes", _plain(Theme), draft)
        draft.archives = _read(main, "archives", _plain(Archive), draft)
        draft.appraisals = _read(main, "appraisals", _plain(Appraisal), draft)
        draft.clues = _read(main, "clues", _plain(Clue), draft)
    return draft


def _head(main: Toml, faults: Faults) -> Head | None:
    entry = {word: value for word, value in main.whole.items() if word not in TABLES}
    values, wrong = read_as(Head, entry)
    for place, message in wrong:
        faults.add(main.path, main.line(*place), message)
    return None if wrong else Head(**values)


def _unknown(toml: Toml, known: tuple[str, ...], faults: Faults) -> None:
    for line, word in toml.unknown(known):
        faults.add(toml.path, line, f"不认识的词“{word}”，这里只写 {'、'.join(known)}")


def _read(
    toml: Toml,
    table: str,
    read: Callable[[Mapping[str, Any]], tuple[T | None, list[Wrong]]],
    draft: Draft,
) -> list[tuple[Entry, T]]:
    try:
        entries = toml.entries(table)
    except ProgrammeFault as fault:
        draft.faults.take(fault)
        return []
    nouns = []
    for nth, (_, one) in enumerate(entries):
        entry = Entry(toml, table, nth)
        draft.names.setdefault(table, set()).add(str(one.get("name", one.get("code", ""))))
        noun, wrong = read(one)
        for place, message in wrong:
            draft.fault(entry, place[0] if place else "", message)
        if noun is not None:
            nouns.append((entry, noun))
    return nouns


def _plain(noun: type[T]) -> Callable[[Mapping[str, Any]], tuple[T | None, list[Wrong]]]:
    def read(entry: Mapping[str, Any]) -> tuple[T | None, list[Wrong]]:
        values, wrong = read_as(noun, entry)
        return (None if wrong else noun(**values)), wrong

    return read


def _with_grammar(
    noun: type[T], entry: Mapping[str, Any], word: str, read: Callable[[str], Any]
) -> tuple[T | None, list[Wrong]]:
    """A noun one word of which has a grammar of its own."""
    values, wrong = read_as(noun, entry, apart={word})
    if word in entry:
        if not isinstance(entry[word], str):
            wrong.append(((word,), f"{word} 要写成带引号的文字"))
        else:
            try:
                values[word] = read(entry[word])
            except ValueError as fault:
                wrong.append(((word,), str(fault)))
    return (None if wrong else noun(**values)), wrong


def _field(entry: Mapping[str, Any]) -> tuple[Field | None, list[Wrong]]:
    return _with_grammar(Field, entry, "derive", read_derivation)


def _indicator(entry: Mapping[str, Any]) -> tuple[Indicator | None, list[Wrong]]:
    return _with_grammar(Indicator, entry, "measure", read_measure)


def _reference(entry: Mapping[str, Any]) -> tuple[Reference | None, list[Wrong]]:
    values, wrong = read_as(Reference, entry, apart={"meanings"})
    meanings = []
    listed = entry.get("meanings", [])
    if not isinstance(listed, list) or not all(isinstance(one, dict) for one in listed):
        return None, [*wrong, (("meanings",), "meanings 要写成 [{ label = …, words = […] }, …]")]
    for one in listed:
        of_one, wrong_here = read_as(Meaning, one)
        wrong += [(("meanings",), f"meanings 中：{message}") for _, message in wrong_here]
        if not wrong_here:
            meanings.append(Meaning(**of_one))
    if wrong:
        return None, wrong
    return replace(Reference(**values), meanings=tuple(meanings)), []
