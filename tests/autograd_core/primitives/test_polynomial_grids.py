"""Polynomials of two variables: NumPy's values, and derivatives by points and coefficients."""

import numpy as np
import pytest
from numpy.polynomial import polynomial

import autograd_core as ag
from autograd_core import Tensor
from tests.autograd_core.checking import check_derivatives


@pytest.mark.parametrize("function", [polynomial.polyval2d, polynomial.polygrid2d])
@pytest.mark.parametrize("points", [(), (3,), (2, 3)])
@pytest.mark.parametrize("coefficients", [(2, 3), (1, 1), (2, 3, 2)])
def test_values_and_derivatives(function, points, coefficients, rng):
    arrays = [np.asarray(rng.uniform(-1, 1, shape))[()] for shape in (points, points, coefficients)]
    expected = function(*arrays)
    out = function(*map(Tensor, arrays))
    assert out.shape == expected.shape
    np.testing.assert_allclose(out.data, expected, rtol=1e-14, atol=1e-15)
    check_derivatives(function, arrays, rng)


def test_whole_coefficients(rng):
    x, c = Tensor(rng.uniform(-1, 1, 3)), [[1, 2], [3, 4]]
    np.testing.assert_allclose(
        polynomial.polyval2d(x, x, c).data, polynomial.polyval2d(x.data, x.data, c)
    )


def test_wrong_calls_are_explained():
    x = Tensor([1.0, 2.0])
    with pytest.raises(ag.ShapeError, match=r"polyval2d.*one shape.*\(2,\) and \(\)"):
        polynomial.polyval2d(x, 1.0, [[1.0]])
    with pytest.raises(ag.ShapeError, match="polygrid2d: the coefficients are a table"):
        polynomial.polygrid2d(x, x, [1.0, 2.0])
