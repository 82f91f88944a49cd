"""SciPy's other special functions with a derivative in closed form: they record on Tensors.

Parameters that have no derivative in closed form (the order of a Bessel function, the shape of an
incomplete gamma function) get none: a Tensor that records is refused there. Formulas are those of
the NIST Digital Library of Mathematical Functions (DLMF).
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from ..primitive import example
from .activation import log_sigmoid, sigmoid
from .error_function import erf
from .exponential import exp2, expm1, log1p
from .gamma_function import betaln, digamma, gammaln
from .scipy_bridge import recorded_for_scipy, scipy_ufunc

POSITIVE = (0.3, 3.0)
ABOVE = (1.2, 3.0)  # 1
UNIT = (0.15, 0.85)
ROOT_PI, ROOT_2_PI = math.sqrt(math.pi), math.sqrt(2 * math.pi)
THIRD = [example(0.7, 1.3, (3,)), example(1.5, 2.0, (2, 3)), example(2.0, 0.5, ())]

recorded_for_scipy("expit", sigmoid)
recorded_for_scipy("log_expit", log_sigmoid)
recorded_for_scipy("exp2", exp2)
recorded_for_scipy("expm1", expm1)
recorded_for_scipy("log1p", log1p)

# --- powers and logarithms

scipy_ufunc("exp10", lambda g, out: g * out * math.log(10), javascript="Math.pow(10, {x})")
scipy_ufunc("cosm1", lambda g, x: -g * np.sin(x), javascript="-2 * Math.sin({x} / 2) ** 2")
scipy_ufunc(
    "powm1",
    x=lambda g, x, y: g * y * x ** (y - 1),
    y=lambda g, out, x: g * (out + 1) * np.log(x),
    domain={"x": ABOVE},
    javascript="powm1({x}, {y})",
)
scipy_ufunc(
    "rel_entr",
    x=lambda g, x, y: g * (np.log(x / y) + 1),
    y=lambda g, x, y: -g * x / y,
    singular=True,
    domain=POSITIVE,
    javascript="relativeEntropy({x}, {y})",
)
scipy_ufunc(
    "kl_div",
    x=lambda g, x, y: g * np.log(x / y),
    y=lambda g, x, y: g * (1 - x / y),
    singular=True,
    domain=POSITIVE,
    javascript="klDivergence({x}, {y})",
)
# Between the two pieces of Huber's loss both derivatives agree; the second ones jump.
scipy_ufunc(
    "huber",
    delta=lambda g, delta, r: g * np.maximum(np.abs(r) - delta, 0),
    r=lambda g, delta, r: g * np.clip(r, -delta, delta),
    domain={"delta": (0.5, 0.6), "r": (0.7, 3.0)},
    javascript="huber({delta}, {r})",
)


def _hyperbola(delta: Any, r: Any) -> Any:
    return np.sqrt(1 + np.square(r / delta))


scipy_ufunc(
    "pseudo_huber",
    delta=lambda g, delta, r: (
        g * (2 * delta * (_hyperbola(delta, r) - 1) - r * r / (delta * _hyperbola(delta, r)))
    ),
    r=lambda g, delta, r: g * r / _hyperbola(delta, r),
    domain={"delta": POSITIVE},
    javascript="pseudoHuber({delta}, {r})",
)
POWERS: dict[str, Any] = {"examples": [example((3,), 0.7), example((2, 3), 2.0), example((), 0.0)]}
scipy_ufunc(
    "boxcox",
    x=lambda g, x, lam: g * x ** (lam - 1),
    lam=None,
    domain=POSITIVE,
    **POWERS,
    javascript="{lam} === 0 ? Math.log({x}) : Math.expm1({lam} * Math.log({x})) / {lam}",
)
scipy_ufunc(
    "boxcox1p",
    x=lambda g, x, lam: g * (1 + x) ** (lam - 1),
    lam=None,
    domain=POSITIVE,
    **POWERS,
    javascript="{lam} === 0 ? Math.log1p({x}) : Math.expm1({lam} * Math.log1p({x})) / {lam}",
)
scipy_ufunc(
    "inv_boxcox",
    x=lambda g, out, lam: g * out ** (1 - lam),
    lam=None,
    domain=POSITIVE,
    **POWERS,
    javascript="{lam} === 0 ? Math.exp({x}) : Math.exp(Math.log1p({lam} * {x}) / {lam})",
)
scipy_ufunc(
    "inv_boxcox1p",
    x=lambda g, out, lam: g * (1 + out) ** (1 - lam),
    lam=None,
    domain=POSITIVE,
    **POWERS,
    javascript="{lam} === 0 ? Math.expm1({x}) : Math.expm1(Math.log1p({lam} * {x}) / {lam})",
)
scipy_ufunc("wrightomega", lambda g, out: g * out / (1 + out))

# --- of the normal distribution

scipy_ufunc("erfcx", lambda g, out, x: g * (2 * x * out - 2 / ROOT_PI), javascript="erfcx({x})")
scipy_ufunc("erfi", lambda g, x: g * np.exp(x * x) * (2 / ROOT_PI), domain=(-1.0, 1.0))
scipy_ufunc("dawsn", lambda g, out, x: g * (1 - 2 * x * out))
scipy_ufunc("erfcinv", lambda g, out: -g * np.exp(out * out) * (ROOT_PI / 2), domain=(0.3, 1.7))
scipy_ufunc("ndtri", lambda g, out: g * np.exp(out * out / 2) * ROOT_2_PI, domain=UNIT)
scipy_ufunc(
    "ndtri_exp", lambda g, out, x: g * np.exp(out * out / 2 + x) * ROOT_2_PI, domain=(-2.0, -0.3)
)
scipy_ufunc(
    "log_ndtr",
    lambda g, out, x: g * np.exp(-x * x / 2 - out) / ROOT_2_PI,
    javascript="logNdtr({x})",
)
scipy_ufunc(
    "owens_t",
    h=lambda g, h, a: -g * erf(a * h * math.sqrt(0.5)) * np.exp(-h * h / 2) / (2 * ROOT_2_PI),
    a=lambda g, h, a: g * np.exp(-h * h * (1 + a * a) / 2) / (2 * math.pi * (1 + a * a)),
)

# --- of the gamma function

scipy_ufunc("gamma", lambda g, out, x: g * out * digamma(x), domain=POSITIVE)
scipy_ufunc("rgamma", lambda g, out, x: -g * out * digamma(x), domain=POSITIVE)
scipy_ufunc("loggamma", lambda g, x: g * digamma(x), domain=POSITIVE)
scipy_ufunc(
    "beta",
    a=lambda g, out, a, b: g * out * (digamma(a) - digamma(a + b)),
    b=lambda g, out, a, b: g * out * (digamma(b) - digamma(a + b)),
    domain=POSITIVE,
)
scipy_ufunc(
    "poch",
    z=lambda g, out, z, m: g * out * (digamma(z + m) - digamma(z)),
    m=lambda g, out, z, m: g * out * digamma(z + m),
    domain=POSITIVE,
)
scipy_ufunc(
    "binom",
    n=lambda g, out, n, k: g * out * (digamma(n + 1) - digamma(n - k + 1)),
    k=lambda g, out, n, k: g * out * (digamma(n - k + 1) - digamma(k + 1)),
    domain={"n": (4.0, 6.0), "k": (1.0, 2.0)},
)


def _gamma_density(x: Any, a: Any) -> Any:
    return np.exp((a - 1) * np.log(x) - x - gammaln(a))


SHAPES = [example(0.7, (3,)), example(2.0, (2, 3)), example(1.5, ())]
scipy_ufunc(
    "gammainc", a=None, x=lambda g, x, a: g * _gamma_density(x, a), domain=POSITIVE, examples=SHAPES
)
scipy_ufunc(
    "gammaincc",
    a=None,
    x=lambda g, x, a: -g * _gamma_density(x, a),
    domain=POSITIVE,
    examples=SHAPES,
)


def _beta_density(x: Any, a: Any, b: Any) -> Any:
    return np.exp((a - 1) * np.log(x) + (b - 1) * np.log1p(-x) - betaln(a, b))


scipy_ufunc(
    "betainc",
    a=None,
    b=None,
    x=lambda g, x, a, b: g * _beta_density(x, a, b),
    domain=UNIT,
    examples=THIRD,
)
scipy_ufunc(
    "betaincc",
    a=None,
    b=None,
    x=lambda g, x, a, b: -g * _beta_density(x, a, b),
    domain=UNIT,
    examples=THIRD,
)

# --- integrals

scipy_ufunc("expi", lambda g, x: g * np.exp(x) / x, domain=POSITIVE)
scipy_ufunc("exp1", lambda g, x: -g * np.exp(-x) / x, domain=POSITIVE)
expn: Any = scipy_ufunc(
    "expn",
    n=None,
    x=lambda g, n, x: -g * expn(n - 1, x),
    domain=POSITIVE,
    examples=[example(3.0, (3,)), example(2.0, ())],
)
scipy_ufunc(
    "spence",
    lambda g, x: g * np.where(x == 1, -1, np.log(x) / np.where(x == 1, 1, 1 - x)),
    domain=ABOVE,
)
ellipk: Any = scipy_ufunc(
    "ellipk", lambda g, out, x: g * (ellipe(x) / (1 - x) - out) / (2 * x), domain=UNIT
)
ellipe: Any = scipy_ufunc("ellipe", lambda g, out, x: g * (out - ellipk(x)) / (2 * x), domain=UNIT)
scipy_ufunc(
    "sici", lambda g, x: (g[0] * np.sin(x) + g[1] * np.cos(x)) / x, multiple=True, domain=POSITIVE
)
scipy_ufunc(
    "shichi",
    lambda g, x: (g[0] * np.sinh(x) + g[1] * np.cosh(x)) / x,
    multiple=True,
    domain=POSITIVE,
)
scipy_ufunc(
    "fresnel",
    lambda g, x: g[0] * np.sin(x * x * (math.pi / 2)) + g[1] * np.cos(x * x * (math.pi / 2)),
    multiple=True,
)

# --- hypergeometric

hyp0f1: Any = scipy_ufunc(
    "hyp0f1", v=None, x=lambda g, v, x: g * hyp0f1(v + 1, x) / v, examples=SHAPES
)
hyp1f1: Any = scipy_ufunc(
    "hyp1f1",
    a=None,
    b=None,
    x=lambda g, a, b, x: g * (a / b) * hyp1f1(a + 1, b + 1, x),
    examples=THIRD,
)
hyp2f1: Any = scipy_ufunc(
    "hyp2f1",
    a=None,
    b=None,
    c=None,
    x=lambda g, a, b, c, x: g * (a * b / c) * hyp2f1(a + 1, b + 1, c + 1, x),
    domain=(-0.8, 0.8),
    examples=[example(0.7, 1.3, 2.0, (3,)), example(1.0, 2.0, 1.5, ())],
)
hyperu: Any = scipy_ufunc(
    "hyperu",
    a=None,
    b=None,
    x=lambda g, a, b, x: -g * a * hyperu(a + 1, b + 1, x),
    domain=POSITIVE,
    examples=THIRD,
)
scipy_ufunc("exprel", lambda g, x: g * hyp1f1(2.0, 3.0, x) / 2)
