"""A zoo of rosters in the counties' own words: what is counted without any answer, after a clerk's, and what is wrong in silence.

python benchmarks/recognition.py [PROVINCES] [--seed N] [--words strange|unheard|unknown] [--without PROVINCES] [--jobs N] [--show N]
"""

from __future__ import annotations

import argparse
import sys
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from multiprocessing import get_context
from typing import Any

from zoo import Animal, province

from pipeline.home import built_in
from pipeline.ingest.recognition import likeness, weights
from pipeline.model import Submission
from pipeline.model.tables import Part
from pipeline.programme import Programme, load_programme
from pipeline.read.part import part_of
from pipeline.sample.entries import Entry

PERIOD = "2018-11"
# what counts or bars a person; a wrong reading of any other column is told apart
COUNTS = (
    "name",
    "id_no",
    "cert_no",
    "started_on",
    "finished_on",
    "employed_on",
    "poor",
    "gender",
    "training_time",
)
KINDS_OF_EVIDENCE: Mapping[str, tuple[str, ...]] = {
    "likeness of words": ("HOLDS_KNOWN", "ALIKE_MOST"),
    "sound": ("SOUNDS_KNOWN",),
    "head nouns": ("HEAD_FITS", "HEAD_AGAINST"),
    "words that mostly mean it": ("AKIN", "HOLDS_AKIN"),
    "whose it is": ("UNKNOWN_WHOSE",),
    "which event it is": ("OTHER_EVENT", "UNKNOWN_EVENT"),
    "start or finish said": ("RIGHT_END", "WRONG_END"),
    "what cells hold": ("HOLDS",),
    "certificate and number": ("REPEATS_NUMBER", "OTHER_PERSONS_NUMBER"),
    "birth and digits": ("BIRTH_OF_NUMBER", "NOT_BIRTH_OF_NUMBER", "DIGITS_OF_NUMBER"),
    "order and year of days": ("START_BEFORE_FINISH", "START_AFTER_FINISH", "IN_RETURN_YEAR", "NOT_IN_RETURN_YEAR"),
}  # fmt: skip

say = sys.stdout.write


@dataclass
class Score:
    """What came of files: columns and persons, and what went wrong in silence."""

    columns: Counter[str] = field(default_factory=Counter)
    persons: Counter[str] = field(default_factory=Counter)
    shown: list[str] = field(default_factory=list)

    def __add__(self, other: Score) -> Score:
        """Both together."""
        return Score(
            self.columns + other.columns,
            self.persons + other.persons,
            [*self.shown, *other.shown],
        )

    def share(self, of: str, among: str) -> float:
        """One count as a share of another."""
        return self.persons[of] / max(self.persons[among], 1)


def look(animal: Animal, programme: Programme, score: Score) -> None:
    """One file read without an answer and, where something is asked, with the clerk's."""
    part = _read(animal, programme, {})
    _columns(part, animal, score)
    seen = _persons(part, animal)
    for word in ("persons", "counted", "silent", "asked or said"):
        score.persons[word] += seen[word]
    if seen["counted"] < seen["persons"] or seen["silent"]:
        score.shown.append(_why(part, animal, seen))
        answers = clerk(part, animal)
        seen = _persons(_read(animal, programme, answers), animal) if answers else seen
    score.persons["after answers"] += seen["counted"]
    score.persons["silent after"] += seen["silent"]
    if seen["counted"] < seen["persons"] and score.shown:
        score.shown[-1] += "\n    AND AFTER ANSWERS STILL"


def clerk(part: Part, animal: Animal) -> dict[tuple[str, str], str]:
    """What a clerk who sees the file at a glance answers to every question that 认列 shows her."""
    return {
        (animal.unit, str(line["header"])): _truth(animal, line["sheet"]).get(line["letters"], "")
        for line in _asked(part)
    }


def _asked(part: Part) -> list[dict[str, Any]]:
    """The questions about columns that 认列 shows: what is a county's own and nobody needs is none."""
    return [line for line in part["column_questions"].to_pylist() if line["state"] != "own"]


def _bars(part: Part, animal: Animal) -> bool:
    """Whether the column that says who is not eligible is asked about, as what it is."""
    readings = {
        _truth(animal, line["sheet"]).get(line["letters"], "")
        for line in _asked(part)
        if _truth(animal, line["sheet"]).get(line["letters"], "") in line["readings"].split(";")
    }
    return bool(readings & {"poor", "gender"})


def _read(animal: Animal, programme: Programme, answers: Mapping[tuple[str, str], str]) -> Part:
    file = Submission(f"{PERIOD}/{animal.name}", "", PERIOD, animal.content)
    return part_of(file, programme, answers=answers)


def _truth(animal: Animal, sheet: str) -> Mapping[str, str]:
    if sheet in animal.truth:
        return animal.truth[sheet]
    digits = "".join(c for c in sheet if c.isdigit())  # tables of a web page have numbers for names
    names = list(animal.truth)
    return animal.truth[names[min(int(digits or 1), len(names)) - 1]]


def _columns(part: Part, animal: Animal, score: Score) -> None:
    taken: dict[str, dict[str, str]] = {}
    for line in part["columns"].to_pylist():
        taken.setdefault(line["sheet"], {})[line["letters"]] = line["field"]
    for sheet, found in taken.items():
        truth, counts = _truth(animal, sheet), score.columns
        headers = animal.headers.get(sheet, next(iter(animal.headers.values())))
        for letters, name in truth.items():
            of = "needed" if name in COUNTS else "other" if name else "own"
            counts[of] += 1
            got = found.get(letters, "")
            if got == name:
                counts[f"{of} right"] += 1
            elif got and got in COUNTS:
                counts[f"{of} wrong"] += 1
                score.shown.append(
                    f"{animal.name} {sheet}!{letters} {headers.get(letters)!r} taken for {got}, is {name or 'own'}"
                )
            elif name in COUNTS:
                score.shown.append(
                    f"{animal.name} {sheet}!{letters} {headers.get(letters)!r} not found, is {name}; {got}"
                )


def _persons(part: Part, animal: Animal) -> Counter[str]:
    """Of the persons of a file: counted as they are, wrong without a word, or asked about and said."""
    found: dict[str, dict[str, Any]] = {
        r["number"] or r["filed_as"]: r for r in part["rows"].to_pylist()
    }
    mentioned = any(
        i["severity"] == "error" and i["listed"]
        for i in part["issues"].to_pylist()
        if not i["row"] or i["rule"].startswith(("S", "F"))
    )
    tally: Counter[str] = Counter(persons=len(animal.persons))
    asked = _bars(part, animal)
    for number, entry in animal.persons.items():
        row = found.pop(number, None)
        stands = row is not None and not row["fault"] and row["number"] == number
        right = (
            row is not None
            and stands
            and (row["unit"], row["kind"]) == (animal.unit, animal.kind)
            and row["name"] == entry.person.name
            and _dates(row, entry, animal)
        )
        if number in animal.barred:
            good = row is not None and row["fault"]
            tally["counted" if good else "silent" if stands and not asked else "asked or said"] += 1
        elif right:
            tally["counted"] += 1
        elif stands or not (mentioned or (row is not None and row["fault"])):
            tally["silent"] += 1
        else:
            tally["asked or said"] += 1
    tally["silent"] += sum(not r["fault"] for r in found.values())
    return tally


def _dates(row: Mapping[str, Any], entry: Entry, animal: Animal) -> bool:
    if animal.kind == "training":
        return bool(
            row["start"] == entry.start.isoformat() and row["finish"] == entry.finish.isoformat()
        )
    return bool(row["start"] == entry.start.isoformat())


def _why(part: Part, animal: Animal, seen: Counter[str]) -> str:
    reasons = Counter(f"{i['rule']} {i['message'][:70]}" for i in part["issues"].to_pylist() if i["severity"] == "error" or i["rule"] in ("S10", "S22", "S14", "S20"))  # fmt: skip
    lines = "".join(f"\n    {n}x {what}" for what, n in reasons.most_common(4))
    headers = [
        f"{k}:{'/'.join(h)}={animal.truth[s][k]}"
        for s, of in animal.headers.items()
        for k, h in of.items()
    ]
    return f"{animal.name} {dict(seen)} {len(animal.content)} {headers!r}{lines}"


@contextmanager
def left_out(names: tuple[str, ...]) -> Iterator[None]:
    """The weights as they are, but for these, which weigh nothing."""
    kept = {name: getattr(weights, name) for name in names}
    for name, value in kept.items():
        setattr(weights, name, dict.fromkeys(value, 0.0) if isinstance(value, dict) else 0.0)
    likeness.likeness.cache_clear()
    try:
        yield
    finally:
        for name, value in kept.items():
            setattr(weights, name, value)
        likeness.likeness.cache_clear()


@dataclass(frozen=True)
class Zoo:
    """One made-up province to look at; what a process needs to make it."""

    programme: Programme
    units: int
    words: str

    def score(self, seed: int) -> Score:
        """What came of the province of this seed."""
        found = Score()
        for animal in province(self.programme, seed, self.units, words=self.words):
            look(animal, self.programme, found)
        return found


def measured(
    programme: Programme,
    provinces: int,
    seed: int,
    units: int = 60,
    *,
    words: str = "",
    jobs: int = 1,
) -> Score:
    """The zoo of so many provinces, looked at in so many processes: the same whatever their number."""
    zoo, seeds = Zoo(programme, units, words), range(seed, seed + provinces)
    if jobs == 1:
        return sum(map(zoo.score, seeds), Score())
    _ZOOS.append(zoo)  # forked processes see it, and the weights as they are now
    try:
        with get_context("fork").Pool(jobs) as pool:
            return sum(pool.imap(_score_of_last, seeds), Score())
    finally:
        _ZOOS.pop()


_ZOOS: list[Zoo] = []


def _score_of_last(seed: int) -> Score:
    return _ZOOS[-1].score(seed)


def lines(score: Score) -> Iterator[str]:
    """What came of it, in a few lines."""
    of = score.columns
    for kind in ("needed", "other"):
        right, wrong = of[f"{kind} right"], of[f"{kind} wrong"]
        yield f"columns {kind}: recall {right / max(of[kind], 1):.2%} of {of[kind]}, taken for another {wrong}"
    yield f"columns of the county's own: {of['own']}, taken for one that counts {of['own wrong']}"
    persons = score.persons
    yield f"persons {persons['persons']}: counted where they belong without an answer {score.share('counted', 'persons'):.2%}"
    yield f"  asked or said {persons['asked or said']}, wrong in silence {persons['silent']}"
    yield f"  after the clerk's answers {score.share('after answers', 'persons'):.2%}, wrong in silence {persons['silent after']}"


def main() -> None:
    """Prints the zoo's numbers."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("provinces", nargs="?", type=int, default=3)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--units", type=int, default=60)
    parser.add_argument(
        "--words",
        choices=("strange", "unheard", "unknown"),
        default="",
        help="words that no programme was told",
    )
    parser.add_argument(
        "--without",
        type=int,
        default=0,
        metavar="PROVINCES",
        help="leave out each kind of evidence",
    )
    parser.add_argument("--jobs", type=int, default=1, help="processes")
    parser.add_argument("--show", type=int, default=0, help="files that fell short")
    args = parser.parse_args()
    programme = load_programme(built_in("schemas"), "handcraft")
    how = {"words": args.words, "jobs": args.jobs}
    score = measured(programme, args.provinces, args.seed, args.units, **how)
    say("\n".join(lines(score)) + "\n")
    for text in score.shown[: args.show]:
        say(f"- {text}\n")
    for what, names in (
        {"nothing left out": (), **KINDS_OF_EVIDENCE}.items() if args.without else ()
    ):
        with left_out(names):
            less = measured(programme, args.without, args.seed, args.units, **how)
        say(
            f"without {what}: counted {less.share('counted', 'persons'):.2%}, silent {less.persons['silent']}, "
            f"after answers {less.share('after answers', 'persons'):.2%}\n"
        )


if __name__ == "__main__":
    main()
