"""Name the sources of everything that composing goes by."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from planmaker.catalogue import Catalogue

__all__ = ["JUDGEMENT", "KINDS", "Line", "Tally", "lines", "tally"]

JUDGEMENT = "J"
KINDS = ("numbers", "steps", "variants", "tags", "seed facts", "conditions", "cells", "rules", "places")


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One thing that the catalogue says, where it says it, and who says so ("J": judgement)."""

    kind: str
    where: str
    what: str
    sources: tuple[str, ...]

    @property
    def judged(self) -> bool:
        """Whether nobody but the makers says so."""
        return set(self.sources) == {JUDGEMENT}


@dataclass(frozen=True, slots=True, kw_only=True)
class Tally:
    """How many lines of a kind there are, with a source, by judgement only, and with neither."""

    kind: str
    lines: int
    sourced: int
    judged: int

    @property
    def bare(self) -> int:
        """How many have neither a source nor the mark of a judgement."""
        return self.lines - self.sourced - self.judged


def tally(catalogue: Catalogue) -> tuple[Tally, ...]:
    """Count the lines of each kind."""
    every = tuple(lines(catalogue))
    return tuple(_counted(kind, [line for line in every if line.kind == kind]) for kind in KINDS)


def _counted(kind: str, found: list[Line]) -> Tally:
    judged = sum(line.judged for line in found)
    return Tally(kind=kind, lines=len(found), sourced=sum(bool(line.sources) for line in found) - judged, judged=judged)


def lines(catalogue: Catalogue) -> Iterator[Line]:
    """Return everything that the catalogue says, with its sources, kind by kind in the order of KINDS."""
    yield from _doses(catalogue)
    yield from _exercises(catalogue)
    yield from _seed_facts(catalogue)
    for condition in catalogue.conditions.values():
        yield Line(kind="conditions", where=condition.id, what="", sources=condition.sources)
    for condition in catalogue.conditions.values():
        for name, cell in condition.cells.items():
            action = " ".join(filter(None, (cell.action.name.lower(), cell.variant, f"({cell.because})")))
            yield Line(kind="cells", where=f"{condition.id}, {name}", what=action, sources=cell.sources)
    for name, sources in catalogue.rules.provenance.items():
        yield Line(kind="rules", where=name, what="", sources=sources)
    for profile in catalogue.profiles.values():
        # Which exercises make a profile, and in which order, is judgement (REFERENCE_PLANS).
        for number, place in enumerate(profile.places, start=1):
            where = f"{profile.id}, {place.exercise}"
            yield Line(kind="places", where=where, what=f"place {number}", sources=(JUDGEMENT,))


def _doses(catalogue: Catalogue) -> Iterator[Line]:
    """Return the numbers of full doses and timing, then the steps of ramps."""
    for exercise in catalogue.exercises.values():
        for key, item in exercise.provenance:
            yield Line(kind="numbers", where=f"{exercise.id}, {key}", what=str(item.value), sources=item.sources)
    for exercise in catalogue.exercises.values():
        for number, step in enumerate(exercise.ramp, start=1):
            yield Line(kind="steps", where=exercise.id, what=f"step {number}", sources=step.sources)


def _exercises(catalogue: Catalogue) -> Iterator[Line]:
    """Return the variants, then the tags; these are judged from the movement itself (CLINICAL 5.2)."""
    for exercise in catalogue.exercises.values():
        for variant in exercise.variants:
            yield Line(kind="variants", where=exercise.id, what=variant.id, sources=variant.sources)
    for exercise in catalogue.exercises.values():
        for tag, grade in exercise.tags:
            yield Line(kind="tags", where=exercise.id, what=f"{tag}: {grade}", sources=(JUDGEMENT,))


def _seed_facts(catalogue: Catalogue) -> Iterator[Line]:
    """Return what the seeds say of exercises, and beside them; a gap in both is judged to be one."""
    for exercise in catalogue.exercises.values():
        for fact in exercise.facts:
            said = tuple(name for name, text in (("S0", fact.s0), ("S3", fact.s3)) if text is not None)
            yield Line(kind="seed facts", where=exercise.id, what=fact.attribute, sources=said or (JUDGEMENT,))
    for table, rows in catalogue.seeds.items():
        for row in rows:
            said = tuple(row.get("seeds", ())) or tuple(name for name in ("S0", "S3") if name in row)
            yield Line(kind="seed facts", where=table, what=row["id"], sources=said or (JUDGEMENT,))
