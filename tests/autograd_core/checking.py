"""Derivatives checked along a random direction and against a random cotangent.

For ``f`` with the Jacobian ``J``, a direction ``u`` and a cotangent ``v``, the number ``<v, J u>``
comes from differences of ``f`` alone and ``<Jᵀ v, u>`` from the engine. A random ``v`` matters: a
cotangent of ones passes a transposition whose rule forgets to transpose.

The map ``(x, v) -> Jᵀ v`` is a function like any other, so checking that is checking order 2.

Complex numbers count as pairs of reals: ``<a, b> = Re(sum(conj(a) b))``, which makes the gradient
``dL/dRe + i dL/dIm``, and the direction is taken along both axes of the plane.
"""

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from autograd_core import Tensor

STEP = 5e-4
# The stencil below is wrong by STEP**4 / 30 times the fifth derivative, and by rounding.
RELATIVE, ROUNDING = 1e-7, 1e-11

Function = Callable[..., Any]


def as_list(outputs: Any) -> list[Any]:
    """The outputs of a function that has one or several."""
    return list(outputs) if isinstance(outputs, list | tuple) else [outputs]


def plain(value: Any) -> Any:
    """The array in a Tensor; an array as it is."""
    return value.data if isinstance(value, Tensor) else value


def inner(a: Sequence[Any], b: Sequence[Any]) -> float:
    """Real inner product of two lists of arrays."""
    return float(sum(np.sum(np.conj(x) * y).real for x, y in zip(a, b, strict=True)))


def size(a: Sequence[Any], b: Sequence[Any]) -> float:
    """Sum of the sizes of the terms of ``inner``: what a relative error is relative to."""
    return float(sum(np.sum(np.abs(x) * np.abs(y)) for x, y in zip(a, b, strict=True)))


def random_like(array: Any, rng: np.random.Generator) -> Any:
    """Uniform numbers of the shape and dtype of `array`."""
    shape, dtype = np.shape(array), np.asarray(array).dtype
    numbers = np.asarray(rng.uniform(-1, 1, shape))
    if dtype.kind == "c":
        numbers = numbers + 1j * rng.uniform(-1, 1, shape)
    return numbers.astype(dtype)[()]


# ------------------------------------------------------------------------------ the two sides


def pull(
    function: Function,
    operands: Sequence[Tensor],
    cotangents: Sequence[Any],
    create_graph: bool = False,
) -> list[Any]:
    """``Jᵀ v`` from the engine: one gradient an operand, zeros where none arrived."""
    for out, v in zip(as_list(function(*operands)), cotangents, strict=True):
        if isinstance(out, Tensor) and out.requires_grad:
            out.backward(v, retain_graph=True, create_graph=create_graph)
    gradients = [np.zeros(t.shape, t.dtype)[()] if t.grad is None else t.grad for t in operands]
    for t in operands:
        t.grad = None
    return gradients


def pullback(function: Function, count: int) -> Function:
    """The map from `count` operands and the cotangents to ``Jᵀ v``; on Tensors it records."""

    def pulled(*values: Any) -> list[Any]:
        operands, cotangents = values[:count], values[count:]
        recorded = isinstance(operands[0], Tensor)
        if not recorded:
            operands = tuple(Tensor(x, copy=False) for x in operands)
        return pull(function, operands, cotangents, create_graph=recorded)

    return pulled


def moved_by(array: Any, difference: Any) -> Any:
    """The sum, placed in memory as `array` is: an order of reading may ask for that."""
    result = np.empty_like(array)
    result[...] = array + difference
    return result[()]


def slopes(function: Function, arrays: Sequence[Any], direction: Sequence[Any]) -> list[Any]:
    """``J u`` from values of `function` alone (central differences of order 4)."""

    def at(step: float) -> list[Any]:
        moved = [moved_by(x, step * u) for x, u in zip(arrays, direction, strict=True)]
        return [plain(out) for out in as_list(function(*moved))]

    ahead, behind, far, back = at(STEP), at(-STEP), at(2 * STEP), at(-2 * STEP)
    return [
        (8 * (a - b) - (f - c)) / (12 * STEP)
        for a, b, f, c in zip(ahead, behind, far, back, strict=True)
    ]


# ------------------------------------------------------------------------------ the checks


def check_derivatives(
    function: Function,
    arrays: Sequence[Any],
    rng: np.random.Generator,
    *,
    order: int = 2,
    reference: Function | None = None,
    label: str = "",
) -> None:
    """Fail unless the derivatives of `function` up to `order` are those of its values.

    `function` takes Tensors and gives one or a list; `reference`, by default itself, takes arrays.
    """
    _check(function, list(arrays), rng, 1, order, reference or function, label)


def _check(
    function: Function,
    arrays: list[Any],
    rng: np.random.Generator,
    order: int,
    last: int,
    reference: Function,
    label: str,
) -> None:
    outputs = [plain(out) for out in as_list(reference(*arrays))]
    cotangents = [random_like(out, rng) for out in outputs]
    gradients = pull(function, [Tensor(x, copy=False) for x in arrays], cotangents)
    check_form(gradients, arrays, f"{label} order {order}")
    direction = [random_like(x, rng) for x in arrays]
    compare(reference, arrays, direction, outputs, cotangents, gradients, f"{label} order {order}")
    if any(x.dtype.kind == "c" for x in arrays):
        turned = [1j * u if u.dtype.kind == "c" else u for u in direction]
        compare(reference, arrays, turned, outputs, cotangents, gradients, f"{label} order {order}")
    if order < last:
        pulled = pullback(function, len(arrays))
        _check(pulled, [*arrays, *cotangents], rng, order + 1, last, pulled, label)


def check_form(gradients: Sequence[Any], arrays: Sequence[Any], label: str = "") -> None:
    """Fail unless every gradient has its operand's shape and dtype."""
    for x, gradient in zip(arrays, gradients, strict=True):
        found, expected = (gradient.shape, gradient.dtype), (x.shape, x.dtype)
        assert found == expected, f"{label}: the gradient is {found}, its operand {expected}"


def compare(
    reference: Function,
    arrays: Sequence[Any],
    direction: Sequence[Any],
    outputs: Sequence[Any],
    cotangents: Sequence[Any],
    gradients: Sequence[Any],
    label: str,
) -> None:
    """Fail unless ``<v, J u>`` by differences is ``<Jᵀ v, u>``."""
    expected = inner(cotangents, slopes(reference, arrays, direction))
    found = inner(gradients, direction)
    bound = RELATIVE * size(gradients, direction) + ROUNDING * (1 + size(cotangents, outputs))
    if not abs(found - expected) <= bound:  # also when one of them is NaN
        raise AssertionError(
            f"{label}: along a random direction the values change by {expected!r}, the gradient"
            f" says {found!r}; they may differ by {bound:.1e}."
        )


def check_complex_step(
    function: Function,
    arrays: Sequence[Any],
    rng: np.random.Generator,
    *,
    reference: Function,
    tolerance: float = 1e-11,
) -> None:
    """Compare with ``Im f(x + i h u) / h``: no subtraction, so exact to rounding.

    For analytic functions only (Squire and Trapp, "Using complex variables to estimate
    derivatives of real functions", SIAM Review 40, 1998, eq. 6).
    """
    step = 1e-30
    direction = [random_like(x, rng) for x in arrays]
    moved = [x + 1j * step * u for x, u in zip(arrays, direction, strict=True)]
    changes = [np.imag(out) / step for out in as_list(reference(*moved))]
    cotangents = [random_like(out, rng) for out in changes]
    gradients = pull(function, [Tensor(x, copy=False) for x in arrays], cotangents)
    expected, found = inner(cotangents, changes), inner(gradients, direction)
    bound = tolerance * (1e-3 + size(gradients, direction))
    assert abs(found - expected) <= bound, f"{found!r} is not {expected!r} within {bound:.1e}"


def derivative(function: Function, x: Any, order: int = 1) -> Any:
    """Derivative of ``sum(f)`` of this order at `x`, each taken of the sum of the one before.

    What `function` computes may warn, as NumPy does at a singular point; the derivative must not.
    """
    leaf = Tensor(x)
    with np.errstate(all="ignore"):
        out = np.sum(function(leaf))
    for _ in range(order - 1):
        leaf.zero_grad()
        out.backward(create_graph=True)
        if not (isinstance(leaf.grad, Tensor) and leaf.grad.requires_grad):
            return np.zeros(leaf.shape)[()]  # constant from here on
        out = np.sum(leaf.grad)
    leaf.zero_grad()
    out.backward()
    return leaf.grad
