"""For functions that move elements: Tensors give what arrays give, in every dtype."""

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from autograd_core import Tensor
from tests.autograd_core.checking import as_list, check_derivatives

DTYPES = ("float64", "float32", "complex128", "int64")

Function = Callable[..., Any]


def drawn(shape: tuple[int, ...], rng: np.random.Generator, dtype: str = "float64") -> Any:
    """Distinct numbers of `shape`: the places they come from can be told apart."""
    size = int(np.prod(shape))
    values = rng.permutation(size) - size // 2 + rng.uniform(0.2, 0.4, size)
    if dtype == "complex128":
        values = values + 1j * rng.uniform(-1, 1, size)
    return values.astype(dtype).reshape(shape)[()]


def same(found: Any, expected: Any, tolerance: float) -> None:
    """Fail unless the Tensors are the arrays, in kind and number."""
    found, expected = as_list(found), as_list(expected)
    assert len(found) == len(expected)
    for out, value in zip(found, expected, strict=True):
        assert isinstance(out, Tensor)
        assert (out.shape, out.dtype) == (value.shape, value.dtype)
        assert out.ndim or isinstance(out.data, np.generic)
        np.testing.assert_allclose(out.data, value, rtol=tolerance, atol=tolerance)


def check_moved(
    function: Function,
    shapes: Sequence[tuple[int, ...]],
    rng: np.random.Generator,
    *,
    dtypes: Sequence[str] = DTYPES,
    exact: bool = True,
) -> None:
    """Compare `function` of Tensors with `function` of arrays, and its derivatives to order 2."""
    for dtype in dtypes:
        arrays = [drawn(shape, rng, dtype) for shape in shapes]
        loose = 1e-5 if dtype == "float32" else 1e-12
        same(function(*map(Tensor, arrays)), function(*arrays), 0 if exact else loose)
    for dtype in dtypes:
        if dtype in ("float64", "complex128"):
            check_derivatives(function, [drawn(shape, rng, dtype) for shape in shapes], rng)
