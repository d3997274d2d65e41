"""What ends a run whose papers say otherwise than its figures."""

from __future__ import annotations

from pipeline.model.stop import Stop


class Disagreement(Stop):
    """A paper says otherwise than the figures: nothing is delivered; names file, sheet and cell."""
