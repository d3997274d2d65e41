"""From county returns to the province's report: see run.py for the whole job in one sentence."""

__version__ = "0.1.0"
