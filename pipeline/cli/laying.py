"""Papers that a command lays beside the months: what holds personal data is its owner's alone."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pipeline.model import Document


def lay(place: Path, document: Document) -> None:
    """Writes a paper into a folder, in the place of one of the same name."""
    file = place / document.path
    file.unlink(missing_ok=True)
    mode = 0o600 if document.private else 0o644
    handle = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode)
    with os.fdopen(handle, "wb") as stream:
        stream.write(document.content)
