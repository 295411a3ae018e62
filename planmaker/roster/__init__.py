"""Read rosters: CSV files in every shape and Excel workbooks, as streams of rows."""

from planmaker.roster.file import Roster, Row, opened

__all__ = ["Roster", "Row", "opened"]
