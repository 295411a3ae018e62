"""Trace the cracks between unlike pixels into chains, and chains into closed loops.

A crack lies between two neighbouring pixels. Chains are shared by the areas on
both their sides, so fills meet without gaps.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from planmaker.figures.curves import fit_curves, smoothed
from planmaker.figures.geometry import Array, IntArray

__all__ = ["Chain", "Cracks", "find_cracks", "loops", "prune", "trace"]

Vertex = tuple[int, int]
Refine = Callable[[Array, Array], Array]

_MANY = 6


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Cracks:
    """Cracks one by one: end vertices, class, and the labels to the left and right of start-to-end.

    Vertices are pixel corners (x, y), y down.
    """

    start: IntArray
    end: IntArray
    kind: IntArray
    left: IntArray
    right: IntArray


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Chain:
    """A run of cracks of one class between the same two labels, as curves in pixels."""

    curves: tuple[Array, ...]
    kind: int
    left: int
    right: int
    start: Vertex
    end: Vertex
    closed: bool
    length: int
    loose_ends: int


def find_cracks(labels: IntArray, across: IntArray, down: IntArray) -> Cracks:
    """List the cracks whose class is not 0; ``across[y, x]`` lies between (y, x) and (y, x+1), ``down`` below."""
    rows, columns = np.nonzero(across)
    upright = np.stack([columns + 1, rows], 1), np.stack([columns + 1, rows + 1], 1)
    upright_labels = labels[rows, columns + 1], labels[rows, columns]
    upright_kind = across[rows, columns]
    rows, columns = np.nonzero(down)
    level = np.stack([columns, rows + 1], 1), np.stack([columns + 1, rows + 1], 1)
    return Cracks(
        start=np.concatenate([upright[0], level[0]]),
        end=np.concatenate([upright[1], level[1]]),
        kind=np.concatenate([upright_kind, down[rows, columns]]),
        left=np.concatenate([upright_labels[0], labels[rows, columns]]),
        right=np.concatenate([upright_labels[1], labels[rows + 1, columns]]),
    )


def prune(cracks: Cracks, kind: int, shortest: int, instead: int) -> Cracks:
    """Undo twigs of one class: runs of fewer than ``shortest`` cracks with an end that meets nothing.

    Between like labels the cracks go; between unlike ones they become ``instead``.
    """
    kinds, keep = cracks.kind.copy(), np.ones(len(cracks.kind), dtype=bool)
    walker = _Walker(cracks)
    for run in walker.runs():
        if run.kind == kind and len(run.members) < shortest and walker.is_loose(run):
            kinds[run.members] = instead
            keep[run.members] = run.left != run.right
    return Cracks(
        start=cracks.start[keep],
        end=cracks.end[keep],
        kind=kinds[keep],
        left=cracks.left[keep],
        right=cracks.right[keep],
    )


def trace(cracks: Cracks, refine: Refine, *, tolerance: float, rounds: int = 4) -> list[Chain]:
    """Join cracks into chains, put them where ``refine`` says, smooth and fit them.

    ``refine`` takes crack middles and the directions across them and returns
    the exact places; ``tolerance`` is in pixels.
    """
    walker = _Walker(cracks)
    middles = (cracks.start + cracks.end) / 2
    upright = cracks.start[:, 0] == cracks.end[:, 0]
    normals = np.where(upright[:, None], np.array([[1.0, 0.0]]), np.array([[0.0, 1.0]]))
    exact = refine(middles, normals) if len(middles) else middles
    return [_fitted(walker, run, exact, tolerance, rounds) for run in walker.runs()]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Run:
    vertices: list[Vertex]
    members: list[int]
    kind: int
    left: int
    right: int
    closed: bool


class _Walker:
    """Walks cracks from node to node; a node is where classes, labels or numbers of cracks change."""

    def __init__(self, cracks: Cracks) -> None:
        self.ends = [
            ((int(a[0]), int(a[1])), (int(b[0]), int(b[1]))) for a, b in zip(cracks.start, cracks.end, strict=True)
        ]
        self.kind = [int(kind) for kind in cracks.kind]
        self.sides = [(int(left), int(right)) for left, right in zip(cracks.left, cracks.right, strict=True)]
        self.at: defaultdict[Vertex, list[int]] = defaultdict(list)
        for index, (start, end) in enumerate(self.ends):
            self.at[start].append(index)
            self.at[end].append(index)
        self.used = [False] * len(self.ends)

    def runs(self) -> list[_Run]:
        found: list[_Run] = []
        for vertex in self.at:
            if self._is_node(vertex):
                found += [self._walk(index, vertex, closed=False) for index in self.at[vertex] if not self.used[index]]
        found += [self._walk(i, self.ends[i][0], closed=True) for i in range(len(self.ends)) if not self.used[i]]
        return [run for run in found if run.members]

    def is_loose(self, run: _Run) -> bool:
        """Tell whether an end of a run meets no other crack that is drawn."""
        return any(
            all(self.kind[index] != run.kind or index in run.members for index in self.at[vertex])
            and not any(self._is_outline(index) for index in self.at[vertex])
            for vertex in (run.vertices[0], run.vertices[-1])
        )

    def _is_outline(self, index: int) -> bool:
        return 0 in self.sides[index]

    def _seen_from(self, index: int, vertex: Vertex) -> tuple[int, int, int]:
        left, right = self.sides[index]
        return (self.kind[index], left, right) if self.ends[index][0] == vertex else (self.kind[index], right, left)

    def _other_end(self, index: int, vertex: Vertex) -> Vertex:
        start, end = self.ends[index]
        return end if start == vertex else start

    def _is_node(self, vertex: Vertex) -> bool:
        touching = self.at[vertex]
        if len(touching) != len(("in", "out")):
            return True
        came_from = self._other_end(touching[0], vertex)
        return self._seen_from(touching[0], came_from) != self._seen_from(touching[1], vertex)

    def _walk(self, index: int, start: Vertex, *, closed: bool) -> _Run:
        kind, left, right = self._seen_from(index, start)
        vertices, members = [start], []
        if self.used[index]:
            return _Run(vertices=[], members=[], kind=0, left=0, right=0, closed=False)
        vertex = start
        while True:
            self.used[index] = True
            members.append(index)
            vertex = self._other_end(index, vertex)
            vertices.append(vertex)
            if vertex == start or self._is_node(vertex):
                break
            onward = [other for other in self.at[vertex] if not self.used[other]]
            if not onward:
                break
            index = onward[0]
        return _Run(vertices=vertices, members=members, kind=kind, left=left, right=right, closed=closed)


def _fitted(walker: _Walker, run: _Run, exact: Array, tolerance: float, rounds: int) -> Chain:
    points = exact[run.members]
    if run.closed:
        if len(points) > _MANY:
            points = smoothed(points, rounds, closed=True)
        points = np.vstack([points, points[:1]])
    else:
        ends = [exact[walker.at[vertex]].mean(0)[None] for vertex in (run.vertices[0], run.vertices[-1])]
        points = smoothed(np.vstack([ends[0], points, ends[1]]), rounds, closed=False)
    loose = sum(len(walker.at[vertex]) == 1 for vertex in (run.vertices[0], run.vertices[-1]))
    return Chain(
        curves=tuple(fit_curves(points, tolerance, closed=run.closed and len(points) > _MANY)),
        kind=run.kind,
        left=run.left,
        right=run.right,
        start=run.vertices[0],
        end=run.vertices[-1],
        closed=run.closed,
        length=len(run.members),
        loose_ends=loose,
    )


def loops(chains: list[Chain], inside: Callable[[int], bool]) -> list[list[Array]]:
    """Join chains into the closed outlines of the union of labels for which ``inside`` holds."""
    pieces: list[tuple[Vertex, Vertex, list[Array]]] = []
    leaving: defaultdict[Vertex, list[int]] = defaultdict(list)
    for chain in chains:
        if inside(chain.left) == inside(chain.right):
            continue
        if inside(chain.left):
            piece = chain.start, chain.end, list(chain.curves)
        else:
            piece = chain.end, chain.start, [curve[::-1] for curve in reversed(chain.curves)]
        leaving[piece[0]].append(len(pieces))
        pieces.append(piece)
    used: set[int] = set()
    outlines: list[list[Array]] = []
    for first in range(len(pieces)):
        if first in used:
            continue
        outline: list[Array] = []
        index, home = first, pieces[first][0]
        while True:
            used.add(index)
            outline += pieces[index][2]
            onward = [] if pieces[index][1] == home else [i for i in leaving[pieces[index][1]] if i not in used]
            if not onward:
                break
            index = onward[0]
        outlines.append(outline)
    return outlines
