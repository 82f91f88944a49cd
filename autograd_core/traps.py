"""The known ways to make a NaN or an infinity, and the way out of each: words for messages."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

Condition = Callable[..., Any]


def has(condition: Condition, values: Sequence[Any]) -> bool:
    """Whether `condition` holds for some element, of as many values as it asks for."""
    count = condition.__code__.co_argcount
    if len(values) < count or any(value is None for value in values[:count]):
        return False
    with np.errstate(all="ignore"):
        try:
            return bool(np.any(condition(*values[:count])))
        except (TypeError, ValueError):  # complex numbers have no order
            return False


EXP = (
    "exp overflows above {exp_limit:.4g} in {dtype}. Subtract the maximum first, or use what does:"
    " ag.softmax, ag.log_softmax, ag.logsumexp, ag.sigmoid, np.logaddexp."
)
LOGARITHMS = ("log", "log2", "log10")
EXPONENTIALS = ("exp", "exp2", "expm1", "sinh", "cosh")
LOG_ZERO = (
    "the logarithm of 0 is -inf, and its slope there infinite. Keep x away from 0"
    " (np.log(x + 1e-12)); for the logarithm of a softmax use ag.log_softmax, for x log x ag.xlogy."
)
BRANCH = (
    " If np.where discards these elements, replace them before:"
    " np.where(ok, np.{name}(np.where(ok, x, 1.0)), 0.0)."
)
DIVIDE = (
    "division by 0. Keep the divisor away from 0 (y + 1e-12), or replace its zeros before:"
    " np.where(y != 0, x / np.where(y != 0, y, 1.0), 0.0)."
)
SQRT = (
    "the slope of the square root at 0 is infinite. Write np.sqrt(x + 1e-12), or use"
    " np.linalg.norm, whose gradient at 0 is 0 here."
)
SINGULAR = (
    "a matrix that is singular, or nearly. Add a small multiple of np.eye(n), or use np.linalg.pinv"
    " or np.linalg.lstsq."
)

Row = tuple[tuple[str, ...], Condition, str]

#: Of the forward pass: the operations, a condition on their operands, and the words.
FORWARD: list[Row] = [
    (LOGARITHMS, lambda x: x == 0, LOG_ZERO),
    (LOGARITHMS, lambda x: x < 0, "the logarithm of a negative number is NaN." + BRANCH),
    (("log1p",), lambda x: x <= -1, "log1p(x) is the logarithm of 1 + x, which is not positive."),
    (
        EXPONENTIALS,
        lambda x: np.abs(x) > 80,
        EXP,
    ),
    (("sqrt",), lambda x: x < 0, "the square root of a negative number is NaN." + BRANCH),
    (("divide", "remainder", "fmod"), lambda _x, y: y == 0, DIVIDE),
    (("reciprocal",), lambda x: x == 0, DIVIDE),
    (("power",), lambda x, y: (x == 0) & (y < 0), "0 to a negative power. " + DIVIDE),
    (
        ("power", "float_power"),
        lambda x, y: (x < 0) & (y != np.floor(y)),
        "a negative number to a power that is not whole is NaN." + BRANCH,
    ),
    (
        ("arcsin", "arccos", "arctanh", "erfinv"),
        lambda x: np.abs(x) >= 1,
        "it is defined between -1 and 1. Use np.clip(x, -1 + 1e-7, 1 - 1e-7).",
    ),
    (("arccosh",), lambda x: x < 1, "it is defined from 1 on. Use np.maximum(x, 1.0)."),
    (
        ("logit",),
        lambda x: (x <= 0) | (x >= 1),
        "it is defined between 0 and 1. Use np.clip(x, 1e-7, 1 - 1e-7), or work with logits.",
    ),
    (("inv", "solve", "tensorsolve", "tensorinv"), lambda x: x == x, SINGULAR),  # noqa: PLR0124
]

#: Of the reverse pass: conditions on the operands, as far as they are still known.
REVERSE: list[Row] = [
    (LOGARITHMS, lambda x: x == 0, LOG_ZERO),
    (("sqrt",), lambda x: x == 0, SQRT),
    (("cbrt",), lambda x: x == 0, SQRT.replace("square root", "cube root")),
    (
        ("power",),
        lambda x, y: (x == 0) & (y < 1),
        "the slope of x**y at 0 is infinite for y < 1. Keep x away from 0: (x + 1e-12)**y.",
    ),
    (("divide",), lambda _x, y: y == 0, DIVIDE),
    (("reciprocal",), lambda x: x == 0, DIVIDE),
    (
        ("arcsin", "arccos", "arctanh", "erfinv"),
        lambda x: np.abs(x) == 1,
        "its slope at -1 and 1 is infinite. Use np.clip(x, -1 + 1e-7, 1 - 1e-7).",
    ),
    (("arccosh",), lambda x: x == 1, "its slope at 1 is infinite. Use np.maximum(x, 1 + 1e-7)."),
    (
        ("logit", "entr"),
        lambda x: (x == 0) | (x == 1),
        "its slope at the ends of the interval is infinite. Use np.clip(x, 1e-7, 1 - 1e-7).",
    ),
    (("inv", "solve", "det", "slogdet", "cholesky", "qr"), lambda: True, SINGULAR),
]


def trap(rows: list[Row], name: str, values: Sequence[Any], dtype: Any) -> str | None:
    """What is known about how operation `name` makes such numbers of `values`, or None."""
    for names, condition, words in rows:
        if name in names and has(condition, values):
            limit = float(np.log(float(np.finfo(dtype).max)))
            return words.format(name=name, dtype=dtype, exp_limit=limit)
    return None


def overflow(dtype: Any) -> str:
    """The words for a finite computation whose result is too large."""
    largest = np.finfo(dtype).max
    further = "" if np.finfo(dtype).eps < 1e-10 else " Double precision goes to 1.8e+308."
    return (
        f"the numbers have grown beyond what {dtype} holds ({largest:.2g}).{further} Look for a"
        " learning rate that is too large, or for inputs that are not standardised."
    )
