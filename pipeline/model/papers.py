"""What a stage that makes papers may ask of the outbox."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, Protocol


@dataclass(frozen=True)
class Contact:
    """Whom a unit may ask about a letter, and where it answers to; '' is left to be written by hand."""

    name: str = ""
    phone: str = ""
    send_to: str = ""


NOBODY = Contact()


def private_folder(folder: Path) -> Path:
    """Makes a folder, and those above it that are not there yet, for their owner only; gives it back."""
    if not folder.exists():
        private_folder(folder.parent)
        folder.mkdir(mode=0o700, exist_ok=True)
    return folder


class Papers(Protocol):
    """The papers of one period, written as they are made; see `deliver` for what becomes of them."""

    @property
    def written(self) -> Sequence[dict[str, str]]:
        """path, sha256 and audience of every paper so far, in the order written."""

    def open(
        self, path: str, audience: str, *, private: bool = True
    ) -> AbstractContextManager[BinaryIO]:
        """A stream into one paper; what holds personal data is for its owner only."""

    def add(self, path: str, audience: str, content: bytes, *, private: bool = True) -> None:
        """One small paper."""

    def copy(self, path: str, source: str, audience: str, *, private: bool = True) -> None:
        """A paper of this period once more, for somebody else."""

    def place(self, path: str) -> Path:
        """Where a paper lies, or is to be written by another process; then `enter` it."""

    def enter(self, path: str, audience: str) -> None:
        """Lists a paper that lies in its place whole."""
