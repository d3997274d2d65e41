"""How much one file may cost, all in one place; [limits] in a home's pipeline.toml may say otherwise."""

from __future__ import annotations

from dataclasses import dataclass

_MB = 1024 * 1024


@dataclass(frozen=True)
class Limits:
    """seconds and memory_mb of the process that reads a file; what the file itself may hold, and its marked copy."""

    seconds: int = 30  # of a processor's time, whatever else the machine does
    memory_mb: int = 2048
    file_mb: int = 100
    cells: int = 2_000_000
    sheets: int = 1_000
    unpacked_mb: int = 256
    ratio: int = 400  # unpacked bytes for one packed
    members: int = 2_000  # files in an archive, those of archives inside it included
    marks: int = (
        20_000  # comments in a marked copy: with more no office program opens it in good time
    )

    @property
    def unpacked(self) -> int:
        """Bytes an archive or workbook may unpack to."""
        return self.unpacked_mb * _MB

    @property
    def memory(self) -> int:
        """Bytes of address space of a process that reads."""
        return self.memory_mb * _MB

    @property
    def file_bytes(self) -> int:
        """Bytes of one file as it lies in the inbox."""
        return self.file_mb * _MB


LIMITS = Limits()
