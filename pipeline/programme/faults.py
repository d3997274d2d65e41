"""What is wrong with the files of a programme: each fault with file and line, all of them at once."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple

from pipeline.model.stop import Exit, Stop


class Fault(NamedTuple):
    """One thing to mend. A line of None: the whole file."""

    file: Path | str
    line: int | None
    message: str

    def __str__(self) -> str:
        place = f"{self.file} 第 {self.line} 行" if self.line else str(self.file)
        return f"{place}：{self.message}"


class ProgrammeFault(Stop):
    """The programme's files are wrong; says of each fault file, line and what to mend."""

    usual = Exit.PROGRAMME

    def __init__(self, file: Path | str, line: int | None, message: str) -> None:
        self.faults: tuple[Fault, ...] = (Fault(file, line, message),)
        super().__init__(str(self.faults[0]))

    @classmethod
    def of(cls, faults: Iterable[Fault]) -> ProgrammeFault:
        """Several faults as one end: a line each, in the order of files and lines."""
        faults = sorted(dict.fromkeys(faults), key=lambda f: (str(f.file), f.line or 0))
        whole = cls(*faults[0])
        whole.faults = tuple(faults)
        whole.message = "\n".join(map(str, faults))
        whole.args = (whole.message,)
        return whole


class Faults:
    """The faults found so far; raised together when everything has been looked at."""

    def __init__(self) -> None:
        self.found: list[Fault] = []

    def add(self, file: Path | str, line: int | None, message: str) -> None:
        """One more fault."""
        self.found.append(Fault(file, line, message))

    def take(self, fault: ProgrammeFault) -> None:
        """All that somebody else has found."""
        self.found.extend(fault.faults)

    def stop(self) -> None:
        """Raises ProgrammeFault where anything was found."""
        if self.found:
            raise ProgrammeFault.of(self.found)
