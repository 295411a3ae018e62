"""Find values in a pose that no record can hold: misspelt names, wrong kinds, too few numbers."""

from __future__ import annotations

import difflib
import types
import typing
from dataclasses import fields, is_dataclass
from functools import cache
from typing import TYPE_CHECKING, Any, Final

from planmaker.figures import pose as poses
from planmaker.figures.body import build_body
from planmaker.figures.pose import Camera, Contact, Grasp, Inset, Place, Pose, Root, Start, Target
from planmaker.figures.skeleton import solve

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["misfits"]

_EXPECTED: Final = {float: "a number", bool: "true or false", str: "a text"}


def misfits(pose: Pose) -> Iterator[str]:
    """Say which values of a pose are none of those that there are, one sentence each, with where it stands."""
    yield from _record(pose, "pose")


@cache
def _names() -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return the names of all joints and bones, and of all parts of the body."""
    skeleton = solve(Pose(camera=Camera(), root=Root(position=(0.0, 0.0, 1.0))))
    parts = (part.name for part in build_body(skeleton).parts)
    return tuple(sorted({*skeleton.joints, *skeleton.frames})), tuple(sorted(parts))


def _record(record: Any, where: str) -> Iterator[str]:  # noqa: ANN401 - any record of a pose
    kinds = typing.get_type_hints(type(record), vars(poses))
    for entry in fields(record):
        yield from _value(getattr(record, entry.name), kinds[entry.name], f"{where}.{entry.name}")
    for key, known in _naming(record):
        given = getattr(record, key)
        for name in (given,) if isinstance(given, str) else given:
            if name and name not in known:
                near = difflib.get_close_matches(str(name), known, n=1)
                meant = f"did you mean {near[0]}?" if near else f"expected one of {', '.join(known)}"
                yield f"{where}.{key}: there is no {name}; {meant}"


def _naming(record: Any) -> Iterator[tuple[str, tuple[str, ...]]]:  # noqa: ANN401 - as above
    """Yield the keys of a record that name joints and bones, or parts of the body, with the names there are."""
    joints, parts = _names()
    if isinstance(record, Place | Grasp | Target):
        yield "on", joints
    if isinstance(record, Contact):
        yield "part", parts
    if isinstance(record, Target | Inset):
        yield "parts", parts
    if isinstance(record, Start):
        yield "ghost", parts


def _value(value: Any, kind: Any, where: str) -> Iterator[str]:  # noqa: ANN401 - as above
    """Check a value against the type of its field."""
    origin, inner = typing.get_origin(kind), typing.get_args(kind)
    if origin in (typing.Union, types.UnionType):
        if value is not None:
            yield from _value(value, next(item for item in inner if item is not type(None)), where)
    elif origin is typing.Literal:
        if value not in inner:
            yield f"{where}: expected one of {', '.join(inner)}"
    elif origin is tuple:
        yield from _several(value, inner, where)
    elif not isinstance(value, int | float if kind is float else kind) or (kind is float and isinstance(value, bool)):
        yield f"{where}: expected {_EXPECTED.get(kind, 'a table')}"
    elif is_dataclass(kind):
        yield from _record(value, where)


def _several(value: Any, inner: tuple[Any, ...], where: str) -> Iterator[str]:  # noqa: ANN401 - as above
    if not isinstance(value, tuple):
        yield f"{where}: expected a list"
    elif inner[-1] is Ellipsis:
        for index, item in enumerate(value, start=1):
            yield from _value(item, inner[0], f"{where} {index}")
    elif len(value) != len(inner):
        yield f"{where}: expected {len(inner)} numbers"
    else:
        for item, kind in zip(value, inner, strict=True):
            yield from _value(item, kind, where)
