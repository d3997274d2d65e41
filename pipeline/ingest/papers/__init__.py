"""The papers that one file may be or hold beside rosters: one module a paper, each with the verb `read`."""

from pipeline.ingest.papers.paper import Book, Lines, Paper

__all__ = ["Book", "Lines", "Paper"]
