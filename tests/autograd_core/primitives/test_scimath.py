"""``np.emath``: values and dtypes as NumPy's, on either side of where numbers turn complex."""

import numpy as np
import pytest

from autograd_core import Tensor
from tests.autograd_core.checking import check_derivatives

FUNCTIONS = [
    *(np.emath.sqrt, np.emath.log, np.emath.log2, np.emath.log10),
    *(np.emath.arccos, np.emath.arcsin, np.emath.arctanh),
    *(lambda x: np.emath.logn(3, x), lambda x: np.emath.logn(-2.0, x)),
    *(lambda x: np.emath.power(x, 0.5), lambda x: np.emath.power(x, -2), lambda x: x + 0),
    *(lambda x: np.emath.power(x, x), lambda x: np.emath.power([2, -3], x)),
]


@pytest.mark.parametrize("function", FUNCTIONS)
@pytest.mark.parametrize("numbers", [[0.3, 0.7], [-0.4, 0.6], [-1.7, 2.5]])
@pytest.mark.parametrize("dtype", ["f4", "f8", "c8", "c16", "f2"])
def test_values_are_numpys(function, numbers, dtype):
    x = np.array(numbers).astype(dtype)
    expected, found = function(x), function(Tensor(x))
    assert found.dtype == expected.dtype
    np.testing.assert_allclose(found.data, expected, rtol=1e-2 if dtype == "f2" else 1e-6)


@pytest.mark.parametrize("function", FUNCTIONS)
@pytest.mark.parametrize("numbers", [[0.3, 0.7], [-0.4, 0.6]])
def test_derivatives(function, numbers, rng):
    check_derivatives(function, [np.array(numbers)], rng)


def test_the_gradient_of_a_real_number_is_real():
    x = Tensor([-4.0, 9.0])
    roots = np.emath.sqrt(x)
    np.testing.assert_array_equal(roots.data, [2j, 3])
    np.abs(roots).sum().backward()
    np.testing.assert_allclose(x.grad, [-1 / 4, 1 / 6], rtol=1e-15)
