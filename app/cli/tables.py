"""Tables on the terminal."""

import sys

from rich.console import Console
from rich.table import Table

PIPED_WIDTH = 1000
"""Columns where nobody looks on: nothing is cut or wrapped for a program that reads it."""


def code_table(*columns: str, codes: int = 1) -> Table:
    """Table whose first columns are codes, which are never cut."""
    table = Table(box=None)
    for place, name in enumerate(columns):
        table.add_column(name, no_wrap=place < codes, overflow="fold")
    return table


def print_table(table: Table) -> None:
    """Print a table, as wide as the terminal, or as it needs to be where there is none."""
    Console(width=None if sys.stdout.isatty() else PIPED_WIDTH).print(table)
