"""How much one file may cost, all in one place; a home's pipeline.toml may say otherwise."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Limits:
    """seconds and memory_mb of the process that reads a file; what the file itself may hold."""

    seconds: int = 60
    memory_mb: int = 2048
    cells: int = 2_000_000
    sheets: int = 200
    unpacked_mb: int = 512
    ratio: int = 400  # unpacked bytes for one packed
    members: int = 2_000  # files in an archive

    @property
    def unpacked(self) -> int:
        """Bytes an archive or workbook may unpack to."""
        return self.unpacked_mb * 1024 * 1024


LIMITS = Limits()
