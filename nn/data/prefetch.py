"""Batches made ahead, in a thread, while the model works on the present one."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from queue import Empty, Full, Queue
from typing import Any

# How often a thread that waits looks whether it is still wanted, in seconds.
LOOK = 0.05


def ahead(batches: Iterator[Any], count: int) -> Iterator[Any]:
    """The same batches in the same order; up to `count` of them wait, made by a thread.

    An exception in the thread is raised here, in its place among the batches. The thread ends with
    the pass, also one that is broken off.

    Examples
    --------
    >>> list(ahead(iter("abc"), 2))
    ['a', 'b', 'c']
    """
    waiting: Queue[tuple[str, Any]] = Queue(count)
    stopped = threading.Event()

    def put(kind: str, value: Any) -> None:
        while not stopped.is_set():
            try:
                waiting.put((kind, value), timeout=LOOK)
            except Full:
                continue
            return

    def work() -> None:
        try:
            for batch in batches:
                put("batch", batch)
                if stopped.is_set():
                    return
        except BaseException as error:  # noqa: BLE001 - raised again where the batches are used
            put("error", error)
        else:
            put("end", None)

    thread = threading.Thread(target=work, name="nn.Loader prefetch", daemon=True)
    thread.start()
    try:
        while True:
            kind, value = waiting.get()
            if kind == "error":
                raise value
            if kind == "end":
                return
            yield value
    finally:
        stopped.set()
        _empty(waiting)
        thread.join()


def _empty(waiting: Queue[tuple[str, Any]]) -> None:
    while True:
        try:
            waiting.get_nowait()
        except Empty:
            return
