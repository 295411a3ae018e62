"""Hold what every page of a programme is made from."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from planmaker.dose import AerobicDose
from planmaker.pdf.style import ACCENT, BAR, TINT, mixed
from planmaker.programme import Prescription, Programme, Slot

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from planmaker.clinic import Clinic
    from planmaker.figures.drawing import Picture
    from planmaker.look import Look
    from planmaker.pdf.style import Colour, Paper
    from planmaker.words import Words

__all__ = ["Place", "Sheet"]


class Place(NamedTuple):
    """Where a page stands among the others, from 1."""

    page: int
    pages: int


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Sheet:
    """What every page of a programme is made from: no person, no dates.

    ``own`` are the texts of a person's own that the sheet keeps places for; ``font_dir`` is a folder of further fonts;
    ``feed`` is an address as long as, and no narrower than, that of any person's calendar, or empty.
    """

    programme: Programme
    paper: Paper
    words: Words
    artwork: Mapping[str, tuple[Picture, ...]]
    emergency: str
    look: Look
    clinic: Clinic
    own: frozenset[str] = frozenset()
    font_dir: Path | None = None
    feed: str = ""

    def tones(self) -> dict[Colour, Colour]:
        """Return the clinic's colours in the place of the sheet's own: the accent, half of it, and a breath of it."""
        accent = self.clinic.accent
        return {ACCENT: accent, BAR: mixed(accent, 0.5), TINT: mixed(accent, 0.08)} if accent else {}

    @property
    def stop_page(self) -> int:
        """The page with the signs to stop: the cover, of which a narrow paper has two pages."""
        return 2 if self.paper.narrow else 1

    @property
    def aerobic(self) -> str:
        """The id of the aerobic exercise, or an empty text."""
        session = self.programme.weeks[0].session(Slot.AEROBIC)
        return session.prescriptions[0].exercise if session else ""

    @property
    def brisk(self) -> bool:
        """Whether some minutes of the aerobic session are to be brisk."""
        session = self.programme.weeks[-1].session(Slot.AEROBIC)
        dose = session.prescriptions[0].dose if session else None
        return isinstance(dose, AerobicDose) and not dose.easy

    def aerobic_word(self, which: str) -> str:
        """Return what the aerobic session is called: ``group``, ``noun`` or ``label``."""
        return str(self.words.labels["aerobic"][self.aerobic][which]) if self.aerobic else ""

    def pictures(self, item: Prescription) -> tuple[Picture, ...]:
        """Return the drawings of an exercise in the person's form, none if there are only those of another form."""
        own = self.artwork.get(f"{item.exercise}.{item.variant}")
        if own:
            return own
        return self.artwork.get(item.exercise, ()) if item.pictured else ()

    def pictured(self, item: Prescription) -> str:
        """Say in words what the drawings of an exercise in the person's form show."""
        form = f"{item.exercise}.{item.variant}"
        return self.words.pictured(form if form in self.artwork else item.exercise)

    def minutes(self) -> tuple[int, int]:
        """Return the shortest and the longest session, the aerobic one apart."""
        lengths = [
            minutes
            for week in self.programme.weeks
            for session in week.sessions
            if session.slot is not Slot.AEROBIC
            for minutes in session.minutes
            if minutes
        ]
        return min(lengths), max(lengths)
