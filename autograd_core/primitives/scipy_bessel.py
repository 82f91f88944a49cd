"""SciPy's Bessel functions, exponentially scaled ones included, and Airy's.

The derivatives are recurrences of the NIST Digital Library of Mathematical Functions, chapters 9
and 10. There is none in the order.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from ..primitive import example
from .bessel import i0, i1
from .scipy_bridge import recorded_for_scipy, scipy_ufunc

POSITIVE = (0.5, 4.0)
ORDERS: dict[str, Any] = {
    "domain": POSITIVE,
    "examples": [example(0.0, (3,)), example(2.5, (2, 3)), example(1.0, ())],
}

jv: Any = scipy_ufunc(
    "jv", v=None, x=lambda g, v, x: g * (jv(v - 1, x) - jv(v + 1, x)) / 2, **ORDERS
)
yv: Any = scipy_ufunc(
    "yv", v=None, x=lambda g, v, x: g * (yv(v - 1, x) - yv(v + 1, x)) / 2, **ORDERS
)
iv: Any = scipy_ufunc(
    "iv", v=None, x=lambda g, v, x: g * (iv(v - 1, x) + iv(v + 1, x)) / 2, **ORDERS
)
kv: Any = scipy_ufunc(
    "kv", v=None, x=lambda g, v, x: -g * (kv(v - 1, x) + kv(v + 1, x)) / 2, **ORDERS
)
ive: Any = scipy_ufunc(
    "ive",
    v=None,
    x=lambda g, v, x, out: g * ((ive(v - 1, x) + ive(v + 1, x)) / 2 - np.sign(x) * out),
    **ORDERS,
)
kve: Any = scipy_ufunc(
    "kve",
    v=None,
    x=lambda g, v, x, out: g * (out - (kve(v - 1, x) + kve(v + 1, x)) / 2),
    **ORDERS,
)
j0: Any = scipy_ufunc("j0", lambda g, x: -g * j1(x), domain=POSITIVE)
j1: Any = scipy_ufunc("j1", lambda g, x: g * (j0(x) - jv(2.0, x)) / 2)
y0: Any = scipy_ufunc("y0", lambda g, x: -g * y1(x), domain=POSITIVE)
y1: Any = scipy_ufunc("y1", lambda g, x: g * (y0(x) - yv(2.0, x)) / 2, domain=POSITIVE)
k0: Any = scipy_ufunc("k0", lambda g, x: -g * k1(x), domain=POSITIVE)
k1: Any = scipy_ufunc("k1", lambda g, x: -g * (k0(x) + kv(2.0, x)) / 2, domain=POSITIVE)
i0e: Any = scipy_ufunc("i0e", lambda g, out, x: g * (i1e(x) - np.sign(x) * out), domain="nonzero")
i1e: Any = scipy_ufunc(
    "i1e",
    lambda g, out, x: g * ((i0e(x) + ive(2.0, x)) / 2 - np.sign(x) * out),
    domain="nonzero",
)
k0e: Any = scipy_ufunc("k0e", lambda g, out, x: g * (out - k1e(x)), domain=POSITIVE)
k1e: Any = scipy_ufunc(
    "k1e", lambda g, out, x: g * (out - (k0e(x) + kve(2.0, x)) / 2), domain=POSITIVE
)


def _airy_x(g: Any, x: Any, out: Any) -> Any:
    """Ai'' = x Ai, and the same for Bi."""
    return g[0] * out[1] + g[1] * x * out[0] + g[2] * out[3] + g[3] * x * out[2]


airy = scipy_ufunc("airy", _airy_x, multiple=True)
recorded_for_scipy("i0", i0)
recorded_for_scipy("i1", i1)
