"""Tell two people apart: how the second body differs from the one that ``flesh`` states."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Final

from planmaker.figures.flesh import CORE_FLESH, SIDED_FLESH, Flesh

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["BUILDS", "Build"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Build:
    """A body: shoulder half-width in metres, girths as shares, and what it has besides.

    Girth narrows a part's radii; a flattened capsule keeps its depth, so that
    the same pose rests on the floor in every build.
    """

    shoulder: float = 0.172
    girths: Mapping[str, float] = field(default_factory=dict)
    core_extras: tuple[Flesh, ...] = ()
    sided_extras: tuple[Flesh, ...] = ()

    def core_flesh(self) -> tuple[Flesh, ...]:
        """Return the capsules of the trunk and head."""
        return tuple(self._fitted(flesh) for flesh in CORE_FLESH) + self.core_extras

    def sided_flesh(self) -> tuple[Flesh, ...]:
        """Return the capsules that come in pairs."""
        return tuple(self._fitted(flesh) for flesh in SIDED_FLESH) + self.sided_extras

    def _fitted(self, flesh: Flesh) -> Flesh:
        girth = self.girths.get(flesh.part, 1.0)
        if girth == 1.0 or (flesh.part == "torso" and flesh.flat_axis is None):
            return flesh
        first, last = flesh.radii
        return replace(
            flesh, radii=(first * girth, last * girth), flat=flesh.flat / girth if flesh.flat_axis else flesh.flat
        )


_BUN: Final = Flesh(
    part="hair",
    frame="head",
    start=("head", (-0.062, 0.0, 0.196)),
    end=("head", (-0.058, 0.0, 0.214)),
    radii=(0.044, 0.040),
)
_BREAST: Final = Flesh(
    part="torso",
    frame="chest",
    start=("chest", (0.068, 0.062, 0.025)),
    end=("chest", (0.064, 0.060, 0.045)),
    radii=(0.056, 0.050),
)

BUILDS: Final[Mapping[str, Build]] = {
    "first": Build(),
    "second": Build(
        shoulder=0.157,
        girths={
            "torso": 0.89,
            "neck": 0.88,
            "upper_arm": 0.86,
            "sleeve": 0.90,
            "forearm": 0.90,
            "thigh": 0.98,
            "shank": 0.95,
        },
        core_extras=(_BUN,),
        sided_extras=(_BREAST,),
    ),
}
