"""Where a sequence of operations repeats itself: start, length of one piece, how many.

The order in which a program computed its operations is the order of its loops, so equal pieces
stand next to each other. Operation ``i`` matches operation ``i + p`` if both do the same and take
their operands alike: from the same distance back, from the same vertex, or each from a leaf or a
constant of its own. A run of matches is a repeat of period ``p``. All of a sequence is compared
at once for each period, so that the time grows linearly with the graph.
"""

from __future__ import annotations

import heapq
from collections.abc import Hashable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

__all__ = ["LEAF", "OTHER", "Item", "Run", "find_runs"]

LONGEST_PERIOD = 400
MOST_OPERANDS = 6  # an operation with more is never part of a repeat
MOST_PHASES = 64
MOST_INNER = 1_000
ENOUGH = 0.9
LEAF, OTHER = -1, -2  # where an operand comes from, if not from an operation of the sequence


@dataclass(frozen=True, slots=True)
class Item:
    """One operation: what it does, and where each operand comes from.

    Attributes
    ----------
    token : hashable
        Equal for operations that do the same.
    operands : sequence of (int, int)
        For each the index of the operation that computed it, or ``LEAF`` or ``OTHER`` (a
        constant that need not be the same), and a number for the vertex itself.
    """

    token: Hashable
    operands: Sequence[tuple[int, int]]


@dataclass(frozen=True, slots=True)
class Run:
    """``count`` equal pieces of ``period`` operations, from ``start`` on."""

    start: int
    period: int
    count: int

    @property
    def stop(self) -> int:
        """The index after the last operation."""
        return self.start + self.period * self.count


def find_runs(items: Sequence[Item], least: int = 3) -> list[Run]:
    """Find the repeats that save the most boxes; they do not overlap, and are in order.

    Examples
    --------
    >>> chain = [Item("square", [(i - 1 if i else LEAF, i)]) for i in range(10)]
    >>> find_runs(chain)
    [Run(start=0, period=1, count=10)]
    """
    table = _Table(items)
    heap: list[tuple[int, int, int, int]] = []
    for period in range(1, min(len(items) // least, LONGEST_PERIOD) + 1):
        for start, stop in table.stretches(period, least):
            heapq.heappush(heap, (-(stop - start - period), period, start, stop))
        if heap and -heap[0][0] > ENOUGH * len(items):
            break  # longer periods are multiples of this one
    inner = sorted((period, start, stop) for _, period, start, stop in heap)[:MOST_INNER]
    taken = np.zeros(len(items), np.bool_)
    runs = []
    while heap:
        _, period, start, stop = heapq.heappop(heap)
        free = _free(taken, start, stop)
        if free != (start, stop):
            start, stop = free
            if stop - start >= period * least:
                heapq.heappush(heap, (-(stop - start - period), period, start, stop))
            continue
        if any(
            within < period and start <= first and last <= start + period
            for within, first, last in inner
        ):
            continue  # a loop in a loop: the inner one now, the outer one when it is folded
        run = table.settle(start, stop, period, least)
        if run is not None:
            taken[run.start : run.stop] = True
            runs.append(run)
    return sorted(runs, key=lambda run: run.start)


def _free(taken: NDArray[np.bool_], start: int, stop: int) -> tuple[int, int]:
    """The longest part of a stretch that is not taken."""
    part = taken[start:stop]
    if not part.any():
        return start, stop
    padded = np.concatenate(([True], part, [True]))
    walls = np.flatnonzero(padded)
    widest = int(np.argmax(np.diff(walls)))
    return start + int(walls[widest]), start + int(walls[widest + 1]) - 1


def _leading(way: NDArray[np.bool_]) -> NDArray[np.intp]:
    """For each column, how many rows from the top are true."""
    ended: NDArray[np.intp] = np.where(way.all(axis=0), len(way), np.argmin(way, axis=0))
    return ended


class _Table:
    """The items as arrays, to be compared with themselves some places later."""

    def __init__(self, items: Sequence[Item]) -> None:
        self.items = items
        width = max([1, *(len(item.operands) for item in items)])
        width = min(width, MOST_OPERANDS)
        numbers: dict[Hashable, int] = {}
        self.tokens = np.empty(len(items), np.int64)
        self.source = np.full((len(items), width), OTHER, np.int64)
        self.vertex = np.full((len(items), width), -1, np.int64)
        for i, item in enumerate(items):
            many = len(item.operands) > width
            token = ("alone", i) if many else (item.token, len(item.operands))
            self.tokens[i] = numbers.setdefault(token, len(numbers))
            if not many:
                for slot, (source, vertex) in enumerate(item.operands):
                    self.source[i, slot] = source
                    self.vertex[i, slot] = vertex
        places = np.arange(len(items))[:, None]
        self.distance = np.where(self.source >= 0, places - self.source, self.source)

    def stretches(self, period: int, least: int) -> Iterator[tuple[int, int]]:
        """Start and stop of every part that repeats itself after ``period`` operations."""
        same = self.tokens[:-period] == self.tokens[period:]
        if np.count_nonzero(same) < period * (least - 2):
            return
        alike = self.distance[:-period] == self.distance[period:]
        alike |= self.vertex[:-period] == self.vertex[period:]
        same &= alike.all(axis=1)
        edges = np.flatnonzero(np.diff(np.concatenate(([False], same, [False])).astype(np.int8)))
        shortest = max(1, period * (least - 2))
        for first, last in edges.reshape(-1, 2)[np.diff(edges.reshape(-1, 2))[:, 0] >= shortest]:
            start = self._begin(int(first), period)
            stop = int(last) + period
            if stop - start >= period * least:
                yield start, stop

    def _begin(self, start: int, period: int) -> int:
        """Further back as long as only what enters the first piece differs."""
        lowest = max(0, start - period)
        while start > lowest and self._enters(start - 1, period, start - 1):
            start -= 1
        return start

    def _enters(self, i: int, period: int, start: int) -> bool:
        """Whether ``i`` is like ``i + period``, up to operands from before ``start``."""
        later = i + period
        if self.tokens[i] != self.tokens[later]:
            return False
        for slot in range(len(self.items[i].operands)):
            alike = (
                self.distance[i, slot] == self.distance[later, slot]
                or self.vertex[i, slot] == self.vertex[later, slot]
            )
            source = int(self.source[later, slot])
            if not alike and not (
                start <= source < start + period and self.source[i, slot] < start
            ):
                return False
        return True

    def settle(self, start: int, stop: int, period: int, least: int) -> Run | None:
        """Choose where the pieces begin, and check that they are alike as wholes."""
        phases = min((stop - start) % period, MOST_PHASES - 1) + 1
        start = min(range(start, start + phases), key=lambda phase: self._preference(phase, period))
        count = (stop - start) // period
        entering = all(self._enters(i, period, start) for i in range(start, start + period))
        if not entering or (count > 2 and self._serves_all(start, period)):
            start, count = start + period, count - 1
        count = min(count, self._wired_alike(start, period, count))
        if count < least:
            return None
        # Slots are taken from the second piece: in the first, a leaf may be what enters the loop.
        slots = [
            (offset, slot)
            for offset in range(period)
            for slot, source in enumerate(self.source[start + period + offset])
            if source == LEAF
        ]
        pattern = self._leaves(start + period, slots)
        if self._leaves(start, slots) != pattern:
            start, count = start + period, count - 1
        alike = 1
        while alike < count and self._leaves(start + alike * period, slots) == pattern:
            alike += 1
        return Run(start, period, alike) if alike >= least else None

    def _serves_all(self, start: int, period: int) -> bool:
        """Whether the later pieces take one result of the first; then it is not one of them."""
        second, third = (slice(start + k * period, start + (k + 1) * period) for k in (1, 2))
        source = self.source[second]
        inside = (source >= start) & (source < start + period)
        return bool((inside & (self.vertex[second] == self.vertex[third])).any())

    def _wired_alike(self, start: int, period: int, count: int) -> int:
        """How many pieces, from the first on, take each operand in one way throughout.

        Neighbours are alike by the same distance or by the same vertex; a tree changes from one
        to the other on its way. The first piece was looked at before.
        """
        if count < 2:
            return count
        part = slice(start + period, start + count * period)
        distance, vertex, source = (
            table[part].reshape(count - 1, -1)
            for table in (self.distance, self.vertex, self.source)
        )
        same = (vertex == vertex[0]) & (source[0] < start)  # what they share is from outside
        ways = [distance == distance[0], same, source == LEAF]
        longest = np.max([_leading(way) for way in ways], axis=0)
        return 1 + int(longest.min())

    def _preference(self, start: int, period: int) -> tuple[int, bool, int]:
        """Pieces that hand on little and begin with a leaf of their own read best."""
        boundary = start + period
        source = self.source[boundary : boundary + period]
        handed_on = len(np.unique(source[(source >= start) & (source < boundary)]))
        return handed_on, LEAF not in self.source[boundary], start

    def _leaves(self, start: int, slots: Sequence[tuple[int, int]]) -> list[int]:
        """Which leaves of a piece are the same one: numbered in the order of their use."""
        numbers: dict[int, int] = {}
        return [
            numbers.setdefault(int(self.vertex[start + offset, slot]), len(numbers))
            for offset, slot in slots
        ]
