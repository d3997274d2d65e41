"""Reads schemas/<programme>/ and checks it whole: nothing is believed before everything fits."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from pathlib import Path

from pipeline.programme.code_lists import read_codes, read_lookalikes, read_units
from pipeline.programme.coherence import check_draft
from pipeline.programme.draft import Head, opened, read_draft
from pipeline.programme.engine_rules import WORDS_NEEDED, WORDS_OPTIONAL
from pipeline.programme.faults import Faults
from pipeline.programme.nouns import Programme
from pipeline.programme.supervision import Inspection
from pipeline.units import Gazetteer
from pipeline.values import fold


def load_programme(schemas: Path, name: str) -> Programme:
    """Read and check schemas/<name>/ together with schemas/common.toml.

    Raises ProgrammeFault with file and line for everything in them that is wrong, all at once.
    """
    folder = schemas / name
    faults = Faults()
    common = opened(schemas / "common.toml", faults)
    main = opened(folder / "programme.toml", faults)
    words, labels = read_codes(folder / "codes", faults)
    lookalikes = read_lookalikes(schemas / "形近字.csv", faults)
    draft = read_draft(common, main, faults)
    if main is not None:
        check_draft(draft, main, words)
    head = draft.head
    units = read_units(folder / "units.csv", head.province if head else "", faults)
    faults.stop()
    if head is None:
        raise AssertionError("a head that could not be read is a fault")
    return Programme(
        name=name,
        folder=folder,
        digest=_digest(
            [schemas / "common.toml", schemas / "形近字.csv", *sorted(folder.rglob("*"))]
        ),
        title=head.title,
        short_title=head.short_title,
        notice=head.notice,
        deadline=head.deadline,
        scope=head.scope,
        years=head.years,
        trust=head.trust["order"],
        letterhead=head.letterhead,
        total_row=head.total_row,
        answer_by=head.letters.get("answer_by", ""),
        words=_folded(head),
        indicators=tuple(noun for _, noun in draft.indicators),
        kinds=tuple(noun for _, noun in draft.kinds),
        agencies=tuple(noun for _, noun in draft.agencies),
        fields=tuple(noun for _, noun in draft.fields),
        rules=tuple(noun for _, noun in draft.rules),
        code_words=words,
        code_labels=labels,
        lookalikes=lookalikes,
        gazetteer=Gazetteer(units, head.province),
        references=tuple(noun for _, noun in draft.references),
        breakdowns=tuple(noun for _, noun in draft.breakdowns),
        outcomes=tuple(noun for _, noun in draft.outcomes),
        packages=tuple(noun for _, noun in draft.packages),
        reports=tuple(noun for _, noun in draft.reports),
        concerns=tuple(noun for _, noun in draft.concerns),
        themes=tuple(noun for _, noun in draft.themes),
        notice_title=head.notice_title or f"《{head.title}》",
        lagging=head.lagging,
        inspection=Inspection(**head.inspection),
        archives=tuple(noun for _, noun in draft.archives),
        appraisals=tuple(noun for _, noun in draft.appraisals),
        clues=tuple(noun for _, noun in draft.clues),
    )


def _folded(head: Head) -> dict[str, frozenset[str]]:
    """The vocabulary as compared; words the programme does without are no words at all."""
    given = {word: frozenset(map(fold, words)) for word, words in head.words.items()}
    return {word: given.get(word, frozenset()) for word in sorted(WORDS_NEEDED | WORDS_OPTIONAL)}


def _digest(paths: Iterable[Path]) -> str:
    """One sha256 over the names and bytes of the programme's files."""
    whole = hashlib.sha256()
    for path in paths:
        if path.is_file():
            whole.update(path.name.encode() + b"\0" + path.read_bytes() + b"\0")
    return whole.hexdigest()
