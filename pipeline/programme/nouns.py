"""What a programme is made of: fields, kinds of roster, indicators, agencies, rules, units."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cached_property
from pathlib import Path

from pipeline.checks import Rule
from pipeline.model import Issue, Severity
from pipeline.programme.breakdowns import Breakdown, Outcome
from pipeline.programme.derivations import Derivation
from pipeline.programme.measures import PERSONS, Measure
from pipeline.programme.references import Reference
from pipeline.programme.reports import Concern, Report, Theme
from pipeline.programme.supervision import Appraisal, Archive, Clue, Inspection
from pipeline.units import Gazetteer


@dataclass(frozen=True)
class Field:
    """One column a roster may have."""

    name: str
    label: str
    headers: tuple[str, ...]
    kind: str
    required: bool = False
    derive: Derivation | None = None  # how another field tells it where it has no column
    sensitive: bool = False
    codes: str = ""
    on: tuple[str, ...] = ()
    fills: tuple[str, ...] = ()
    form: bool = True  # whether blank returns ask for it
    akin: tuple[str, ...] = ()  # headers that mostly mean this field where no column bears its own
    tracked: bool = True  # whether the register notes when it changes from return to return


ROLES = (
    "person",
    "name",
    "certificate",
    "residence",
    "home",
    "phone",
    "other_phone",
    "unit",
    "start",
    "finish",
    "activity",
    "craft",
)


@dataclass(frozen=True)
class Kind:
    """One kind of roster. `roles` says which field plays which part (ROLES); any may be absent.

    person: the number by which she is counted; certificate: the number that begins with it;
    residence decides who keeps her, home where no such column exists; other_phone: not her own, held
    apart from hers; unit: whose row it is, where a sheet holds rows of several; activity: what makes
    two rows of one person and start two attendances; craft: what an inspection is stratified by,
    activity where no field plays it.
    """

    name: str
    label: str
    title_words: tuple[str, ...]
    roles: Mapping[str, str]

    def role(self, name: str) -> str:
        """The field that plays a part in rosters of this kind, '' where none does."""
        return self.roles.get(name, "")

    @property
    def start(self) -> str:
        """The field that says when the activity began."""
        return self.role("start")

    @property
    def finish(self) -> str:
        """The field that says when it ended."""
        return self.role("finish")

    @property
    def activity(self) -> str:
        """The field that says what it was."""
        return self.role("activity")


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
    measure: Measure = PERSONS
    unit_word: str = "人"  # what it is counted in


@dataclass(frozen=True)
class Agency:
    """Who receives the province's report, from `since` to `until`: offices merge and change names.

    in_clear: why personal data may go to it unencrypted; without a reason it may not.
    """

    name: str
    full_name: str
    department: str
    since: date | None = None
    until: date | None = None
    in_clear: str = ""

    def receives_on(self, day: date) -> bool:
        """Whether it is there on that day."""
        return (self.since is None or self.since <= day) and (
            self.until is None or day <= self.until
        )


MASKINGS = ("none", "partial", "full")
PACKAGE_SLOTS = frozenset({"period_label", "year", "region", "short_title"})
LONGEST_NAME = 80  # bytes of an attachment's name that all common mail programs show whole


@dataclass(frozen=True)
class Package:
    """One paper that an agency receives.

    document: the month's paper; name: under which it goes, with slots (PACKAGE_SLOTS). masking: none as
    it is, partial 220***********0244, full: no personal column at all. columns: the fields that a name
    list keeps, all where none is named. months: in which months of a year it goes, all where none is.
    personal: what a running text may hold (id, name, phone), such as a name told as an example.
    """

    agency: str
    document: str
    name: str
    masking: str = "partial"
    columns: tuple[str, ...] = ()
    months: tuple[int, ...] = ()
    personal: tuple[str, ...] = ()


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
    lookalikes: Mapping[str, str] = field(
        default_factory=dict
    )  # character -> the one it is taken for
    references: tuple[Reference, ...] = ()
    breakdowns: tuple[Breakdown, ...] = ()
    outcomes: tuple[Outcome, ...] = ()
    packages: tuple[Package, ...] = ()
    reports: tuple[Report, ...] = ()
    concerns: tuple[Concern, ...] = ()
    themes: tuple[Theme, ...] = ()
    notice_title: str = ""  # with its quotes: 《关于印发〈…〉的通知》
    lagging: int = 10  # percentage points behind 序时进度 from which a unit is named as lagging
    inspection: Inspection = field(default_factory=Inspection)
    archives: tuple[Archive, ...] = ()
    appraisals: tuple[Appraisal, ...] = ()
    clues: tuple[Clue, ...] = ()
    total_row: str = "first"  # where the tables have their 合计: first | last
    answer_by: str = ""  # by when a unit answers a letter: 收到本通知后3个工作日内

    @cached_property
    def field(self) -> dict[str, Field]:
        """Field by name."""
        return {f.name: f for f in self.fields}

    @cached_property
    def kind(self) -> dict[str, Kind]:
        """Kind by name."""
        return {k.name: k for k in self.kinds}

    @cached_property
    def indicator(self) -> dict[str, Indicator]:
        """Indicator by name."""
        return {i.name: i for i in self.indicators}

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

    @cached_property
    def value_fields(self) -> tuple[str, ...]:
        """The fields that hold a value of their own, in the programme's order: columns of `rows`."""
        return tuple(f.name for f in self.fields if not f.fills)

    @cached_property
    def answered(self) -> frozenset[str]:
        """The fields that ask whether there is something: 无 is an answer in them, no blank."""
        return frozenset(b.field for b in self.breakdowns if b.by == "answer")

    @cached_property
    def amounts(self) -> frozenset[str]:
        """The fields that hold amounts: numbers, and those a breakdown divides by what they say."""
        divided = {b.field for b in self.breakdowns if b.by == "amount"}
        return frozenset(divided | {f.name for f in self.fields if f.kind == "number"})

    def rules_of(self, tier: str, kind: str) -> list[Rule]:
        """The rules of a tier that bite on a kind of roster, in the order of the file."""
        known = {f.name for f in self.fields_of(kind)}
        return [
            r
            for r in self.rules
            if r.tier == tier
            and r.field in known
            and (not r.on or kind in r.on)
            and r.severity != Severity.SHADOW
        ]

    def with_severity(self, code: str, severity: Severity) -> Programme:
        """The same programme with one rule weighed otherwise; what was read under it is read anew."""
        rules = (replace(r, severity=severity) if r.code == code else r for r in self.rules)
        return replace(self, rules=tuple(rules), digest=f"{self.digest} {code}={severity.value}")

    def issue(self, code: str, **slots: object) -> Issue:
        """An issue in the words of its rule, with the slots filled in."""
        rule = self.rule[code]
        return Issue(rule=code, severity=rule.severity, message=rule.message.format(**slots))

    @property
    def office(self) -> str:
        """The office that runs the job, for the letterhead."""
        return self.office_of(self.gazetteer.top)

    def office_of(self, code: str) -> str:
        """The office of a unit, as a letter addresses it: 农安县残疾人联合会."""
        named = self.letterhead.get(code)
        return named or self.letterhead["default"].format(unit=self.gazetteer.name(code))

    def for_filer(self, code: str) -> Programme:
        """The same programme as run by the office of one unit: only the units below it."""
        if code == self.gazetteer.top:
            return self
        below = tuple(u for u in self.gazetteer.units if code in (u.code, u.parent))
        elsewhere = tuple(u for u in self.gazetteer.units if u not in below)
        return replace(self, gazetteer=Gazetteer(below, code, elsewhere))
