"""A call on Tensors beside the same call on arrays: one check for value, form and derivatives."""

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from autograd_core import Tensor
from tests.autograd_core.checking import as_list, check_derivatives


def check_like_numpy(
    function: Callable[..., Any],
    arrays: Sequence[Any],
    rng: np.random.Generator,
    *,
    order: int = 2,
    units: float = 8,
) -> None:
    """Fail unless `function` of Tensors is `function` of arrays, in single precision too.

    The values may differ by `units` in the last place; the derivatives are checked up to `order`.
    """
    narrow = {"f": np.float32, "c": np.complex64}
    for typed in (arrays, [x.astype(narrow[x.dtype.kind]) for x in arrays]):
        expected = as_list(function(*typed))
        found = as_list(function(*map(Tensor, typed)))
        assert len(found) == len(expected)
        for out, value in zip(found, expected, strict=True):
            check_value(out, value, units)
    if order:
        check_derivatives(function, arrays, rng, order=order)


def check_value(out: Any, value: Any, units: float = 8) -> None:
    """Fail unless the Tensor has the value, the shape and the dtype; a scalar for no axes."""
    assert isinstance(out, Tensor)
    assert (out.shape, out.dtype) == (value.shape, value.dtype)
    assert isinstance(out.data, np.generic) == (value.ndim == 0)
    size = np.max(np.abs(value), initial=0, where=np.isfinite(value)) if value.size else 0
    precision = units * np.finfo(value.dtype).eps
    np.testing.assert_allclose(out.data, value, rtol=precision, atol=precision * size)
