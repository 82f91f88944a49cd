"""Is the gradient right? ``gradcheck`` compares it with what values alone say, and reports.

The gradient of ``<v, f(x)>`` is taken with a random ``v``: a gradient of ones at the output would
pass a transposition whose rule forgets to transpose. Order 2 is the same check of the map
``(x, v) -> gradient``.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from .differences import Slope, size, slope
from .errors import GraphError
from .flattening import Flat, constant, plain
from .hints import Finding, hint
from .transforms import vjp

#: Relative error allowed, by the width of the numbers that the gradient was computed in.
RELATIVE = {8: 1e-6, 4: 2e-3, 2: 1e-1}


@dataclass(frozen=True)
class GradientReport:
    """What :func:`gradcheck` found; true where all is well, and prints well.

    Attributes
    ----------
    ok : bool
    function : str
        The name of what was checked.
    order, orders : int
        The order that was checked last, and how many were asked for.
    compared, wrong : int
        Elements compared at that order, and how many of them are wrong.
    worst : Finding or None
        The element with the largest error: ``argument``, ``index``, ``found`` (the engine's),
        ``expected`` (by differences), ``relative_error``, ``allowed``, ``step``.
    hint : str or None
        A guess at what is wrong; only a guess.

    Examples
    --------
    >>> import numpy as np, autograd_core as ag
    >>> report = ag.gradcheck(np.tanh, np.array([0.1, 0.2]))
    >>> report.ok, report.compared
    (True, 2)
    """

    ok: bool
    function: str
    order: int
    orders: int
    compared: int
    wrong: int
    worst: Finding | None
    hint: str | None

    def __bool__(self) -> bool:
        return self.ok

    def __str__(self) -> str:
        verdict = "ok" if self.ok else "WRONG"
        upto = f"order {self.order}" if not self.ok or self.orders == 1 else "orders 1 and 2"
        lines = [f"gradcheck of {self.function}: {verdict} ({upto})"]
        if self.worst is not None:
            lines += self.worst.lines()
        lines.append(
            f"  {self.compared} elements compared, {self.wrong} wrong; with a random gradient at"
            " the output"
        )
        if self.hint:
            lines.append(f"  hint (a guess, no more): {self.hint}")
        return "\n".join(lines)

    __repr__ = __str__


def gradcheck(
    function: Callable[..., Any],
    *inputs: Any,
    order: int = 1,
    step: float | None = None,
    rtol: float | None = None,
    samples: int = 100,
    rng: np.random.Generator | None = None,
) -> GradientReport:
    """Compare the gradient of `function` with differences of its values.

    Parameters
    ----------
    function : callable
        Written in NumPy; returns an array or a nested dict, list or tuple of them. It is called
        with Tensors, often, and must give the same values each time.
    *inputs
        Where to check: arrays, numbers, nested dicts, lists or tuples of them, or modules (their
        parameters are what is checked). What is of integers is handed over as it is. Single
        precision is checked against differences in double precision.
    order : 1 or 2
        2 checks first derivatives, and then second ones.
    step : float, optional
        Of the differences. By default it is found for each element: the largest at which the
        next smaller one agrees.
    rtol : float, optional
        Relative error allowed: 1e-6 in double precision, 2e-3 in single.
    samples : int
        Of a larger input, so many elements are compared, drawn at random.
    rng : numpy.random.Generator, optional
        Where the gradient at the output and the samples are drawn from. By default always the
        same.

    Returns
    -------
    GradientReport
        True where all is well.

    Raises
    ------
    DTypeError
        If no input is of floating or complex numbers.
    GraphError
        If `function` returns no such numbers, or gives other values when called again.

    Examples
    --------
    >>> import numpy as np, autograd_core as ag
    >>> x = np.array([0.5, 1.0, 2.0])
    >>> bool(ag.gradcheck(lambda x: np.sin(x) * x, x, order=2))
    True
    >>> def detached(x):
    ...     return x * x.detach()
    >>> print(ag.gradcheck(detached, x))
    gradcheck of detached: WRONG (order 1)
      worst element: argument 0, index (2,)
        by backward     -1.08194705
        by differences  -2.1638941   (step 0.002)
        relative error  5.0e-01   (allowed 1.0e-06)
      3 elements compared, 3 wrong; with a random gradient at the output
      hint (a guess, no more): the gradient is 0.5 times what it should be: a constant factor.
    """
    if order not in (1, 2):
        raise GraphError(f"gradcheck: order is 1 or 2, not {order!r}.")
    if rng is None:
        rng = np.random.default_rng(0)
    elif not isinstance(rng, np.random.Generator):
        raise TypeError(
            f"gradcheck: rng must be a numpy.random.Generator; got {rng!r} "
            f"({type(rng).__name__}); write rng=np.random.default_rng(0)"
        )
    flat = Flat("gradcheck", function, inputs)
    settings = (step, rtol, samples, rng)
    name = getattr(function, "__name__", type(function).__name__)
    report = _check(flat, flat.start, flat.labels, settings, (name, 1, order))
    if order == 2 and report.ok:
        count = len(flat.start)
        outputs = [plain(out) for out in flat(*map(constant, flat.start))]
        cotangents = [_random_like(out, rng) for out in outputs]

        def pulled(*values: Any) -> list[Any]:
            return list(vjp(flat, *values[:count])[1](list(values[count:])))

        labels = [*flat.labels, *[f"the gradient at output {i}" for i in range(len(outputs))]]
        report = _check(pulled, [*flat.start, *cotangents], labels, settings, (name, 2, order))
    return report


def assert_gradients(
    function: Callable[..., Any], *inputs: Any, order: int = 2, **how: Any
) -> None:
    """Fail, with the report of :func:`gradcheck`, unless the gradients of `function` are right.

    Parameters
    ----------
    function, *inputs, **how
        As for :func:`gradcheck`.
    order : 1 or 2
        Second derivatives too, by default.

    Raises
    ------
    AssertionError
        If a gradient is wrong.

    Examples
    --------
    >>> import numpy as np, autograd_core as ag
    >>> ag.assert_gradients(np.matmul, np.eye(2), np.array([[1.0, 2.0], [3.0, 4.0]]))
    """
    report = gradcheck(function, *inputs, order=order, **how)
    if not report.ok:
        raise AssertionError(str(report))


def _random_like(out: Any, rng: np.random.Generator) -> Any:
    dtype = np.result_type(out)
    numbers = rng.uniform(0.5, 1.5, np.shape(out)) * rng.choice([-1.0, 1.0], np.shape(out))
    if dtype.kind == "c":
        numbers = numbers + 1j * rng.uniform(-1, 1, np.shape(out))
    return np.asarray(numbers).astype(dtype)[()]


def _wide(value: Any) -> Any:
    return np.asarray(value).astype(complex if np.result_type(value).kind == "c" else float)


def _check(
    function: Callable[..., list[Any]],
    start: list[Any],
    labels: list[str],
    settings: tuple[float | None, float | None, int, np.random.Generator],
    title: tuple[str, int, int],
) -> GradientReport:
    step, rtol, samples, rng = settings

    def values(arrays: list[Any]) -> list[Any]:
        with np.errstate(all="ignore"):
            return [np.array(plain(out)) for out in function(*map(constant, arrays))]

    with np.errstate(all="ignore"):
        outputs, pullback = vjp(function, *start)
    cotangents = [_random_like(out, rng) for out in outputs]
    with np.errstate(all="ignore"):
        gradients = [np.asarray(g) for g in pullback(cotangents)]
    wide = [_wide(x) for x in start]
    _check_values(values, start, outputs)
    scale = size(cotangents, values(wide))
    findings = []
    for where, gradient in enumerate(gradients):
        width = np.finfo(start[where].dtype).dtype.itemsize
        relative = RELATIVE.get(width, 1e-6) if rtol is None else rtol
        picked = _pick(gradient.shape, samples, rng)
        slopes = [_slope(values, wide, (where, index), cotangents, scale, step) for index in picked]
        steepest = max((abs(s) for s, *_ in slopes if np.isfinite(s)), default=0.0)
        rounding = 16 * float(np.finfo(start[where].dtype).eps) * scale
        for index, (expected, parts) in zip(picked, slopes, strict=True):
            found = gradient[index]
            allowed = relative * max(abs(found), abs(expected)) + 1e-3 * relative * steepest
            allowed += rounding + sum(part.noise for part in parts)
            findings.append(
                Finding(labels[where], where, index, found.item(), expected, allowed, parts)
            )
    wrong = [finding for finding in findings if not finding.right]
    worst = max(wrong or findings, key=lambda finding: finding.badness, default=None)
    advice = None
    if wrong and worst is not None:
        same = [finding for finding in findings if finding.where == worst.where]
        advice = hint(worst, same, gradients[worst.where], values, wide, cotangents)
    name, order, orders = title
    return GradientReport(not wrong, name, order, orders, len(findings), len(wrong), worst, advice)


def _slope(
    values: Callable[[list[Any]], list[Any]],
    wide: list[Any],
    place: tuple[int, tuple[int, ...]],
    cotangents: list[Any],
    scale: float,
    step: float | None,
) -> tuple[complex, tuple[Slope, ...]]:
    """The derivative in one element, which may be complex, and what it was made of."""
    along = slope(values, wide, place, cotangents, scale, step=step)
    if wide[place[0]].dtype.kind != "c":
        return along.value, (along,)
    across = slope(values, wide, place, cotangents, scale, step=step, unit=1j)
    return complex(along.value, across.value), (along, across)


def _pick(shape: tuple[int, ...], samples: int, rng: np.random.Generator) -> list[tuple[int, ...]]:
    """The elements to compare: all, or as many drawn at random."""
    count = int(np.prod(shape))
    chosen = range(count) if count <= samples else np.sort(rng.choice(count, samples, False))
    return [tuple(map(int, np.unravel_index(i, shape))) for i in chosen]


def _check_values(
    values: Callable[[list[Any]], list[Any]], start: list[Any], outputs: list[Any]
) -> None:
    for recorded, again in zip(outputs, values(start), strict=True):
        # Absolutely too: what is zero up to rounding may be rounded otherwise the second time.
        few = 1e3 * float(np.finfo(again.dtype).eps)
        if not np.allclose(recorded, again, rtol=few, atol=few, equal_nan=True):
            raise GraphError(
                "gradcheck: the function gives other values when it is called again with the same"
                " inputs. If it draws random numbers, make it draw the same each time:"
                " rng = np.random.default_rng(0) inside the function."
            )
