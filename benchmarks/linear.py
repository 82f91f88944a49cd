"""Does the cost of a node stay the same as the graph grows? Prints the seconds a node as JSON."""

from __future__ import annotations

import json
import sys
import time

import autograd_core as ag
from benchmarks.workloads import CHAIN_POINT, chain

NODES_A_LINK = 2  # a multiplication and an addition


def main() -> None:
    """Time one chain of as many links as the command line says."""
    length = int(sys.argv[1])
    x = ag.Tensor(CHAIN_POINT)
    chain(x, 100).backward()
    x.zero_grad()
    start = time.perf_counter()
    value = chain(x, length)
    middle = time.perf_counter()
    value.backward()
    end = time.perf_counter()
    nodes = NODES_A_LINK * length
    answer = {"forward": (middle - start) / nodes, "backward": (end - middle) / nodes}
    print(json.dumps({"status": "ok", **answer}))


if __name__ == "__main__":
    main()
