"""The papers of a run that are not meant to tell of persons, searched before they are delivered."""

from __future__ import annotations

import csv
import io

from pipeline.gate.known import Known
from pipeline.gate.searching import Leak, search
from pipeline.model.papers import Papers

LEAKS = "data/leaks.csv"
_OTHERS = 0o077


def withhold(papers: Papers, known: Known) -> list[Leak]:
    """Searches every paper that others than its owner may read, and takes that right where it leaks.

    A month is not stopped for what a county wrote into the name of a file; but such a paper is the
    owner's alone from then on, is listed in data/leaks.csv, and is not sent.
    """
    found: list[Leak] = []
    for entry in list(papers.written):
        file = papers.place(entry["path"])
        if file.stat().st_mode & _OTHERS:
            leaks = search(file.name, file.read_bytes(), known)
            if leaks:
                file.chmod(0o600)
            found += [leak._replace(file=entry["path"]) for leak in leaks]
    text = io.StringIO()
    lines = csv.writer(text)
    lines.writerow(["file", "place", "kind"])
    lines.writerows((leak.file, leak.place, leak.kind) for leak in found)
    papers.add(LEAKS, "本单位", b"\xef\xbb\xbf" + text.getvalue().encode(), private=False)
    return found
