"""Keep freed memory for the next step instead of returning it to the operating system.

A training step allocates and frees the same arrays over and over. Arrays of some megabytes are
returned to the system as soon as they are freed and come back as pages that the system has to
clear anew, which costs as much as the arithmetic on them. glibc raises its limits for that by
itself once a program has freed one big block (``man mallopt``, M_MMAP_THRESHOLD): so free one. It
is never written to, hence takes no memory. On other systems this does nothing.
"""

from __future__ import annotations

import numpy as np

#: Just below glibc's upper bound for its own adjustment (32 MiB), which then keeps up to twice it.
BLOCK = (32 << 20) - (1 << 16)


def keep_freed_memory() -> None:
    """Let the allocator keep up to 64 MiB of freed memory for the next arrays."""
    block = np.empty(BLOCK, np.uint8)
    del block
