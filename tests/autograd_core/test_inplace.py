"""In-place operations: refused where the history would be wrong, exact where they are allowed."""

import operator

import numpy as np
import pytest

import autograd_core as ag
from autograd_core import Tensor

INPLACE = {
    "+=": operator.iadd,
    "-=": operator.isub,
    "*=": operator.imul,
    "/=": operator.itruediv,
    "**=": operator.ipow,
    "%=": operator.imod,
    "//=": operator.ifloordiv,
}
MATMUL = np.array([[1.0, 2.0], [0.0, 1.0]])

# ---------------------------------------------------------------- leaves


@pytest.mark.parametrize("symbol", [*INPLACE, "@="])
def test_on_a_recording_leaf_it_is_refused_with_the_remedy(symbol):
    w = Tensor(np.ones((2, 2)), name="w")
    function, value = (operator.imatmul, MATMUL) if symbol == "@=" else (INPLACE[symbol], 2.0)
    with pytest.raises(ag.InPlaceError) as caught:
        function(w, value)
    message = str(caught.value)
    for word in (f"t {symbol} value", "'w'", "(2, 2)", "no_grad", "np.where", "index_update"):
        assert word in message
    np.testing.assert_array_equal(w.data, np.ones((2, 2)))
    assert w.is_leaf


@pytest.mark.parametrize("symbol", [*INPLACE, "@="])
@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_under_no_grad_it_is_done_in_place(symbol, dtype):
    start = np.array([[5.0, 3.0], [2.0, 7.0]], dtype)
    w = Tensor(start)
    function, value = (operator.imatmul, MATMUL) if symbol == "@=" else (INPLACE[symbol], 2.0)
    alias, array = w, w.data
    with ag.no_grad():
        w = function(w, value)
    assert w is alias
    assert w.data is array
    assert w.is_leaf
    assert w.requires_grad
    assert w.dtype == dtype
    np.testing.assert_array_equal(w.data, function(start, value))


@pytest.mark.parametrize("function", INPLACE.values(), ids=INPLACE)
def test_a_scalar_leaf_changes_too(function):
    w = alias = Tensor(5.0, dtype="f4")
    with ag.no_grad():
        w = function(w, 2)
    assert w is alias
    assert w.dtype == np.float32
    assert w.data == function(5.0, 2)
    (w * w).backward()
    assert w.grad == 2 * w.data


def test_the_gradient_after_a_step_is_of_the_new_value():
    w = Tensor([1.0, 2.0])
    for _ in range(3):
        w.zero_grad()
        (w * w).sum().backward()
        with ag.no_grad():
            w -= 0.25 * w.grad
    np.testing.assert_array_equal(w.data, [0.125, 0.25])


def test_item_assignment_on_a_recording_leaf_is_refused():
    w = Tensor([1.0, 2.0])
    with pytest.raises(ag.InPlaceError, match=r"t\[index\] = value.*no_grad.*ag\.index_update"):
        w[0] = 5.0
    np.testing.assert_array_equal(w.data, [1.0, 2.0])


def test_item_assignment_under_no_grad():
    w = Tensor([1.0, 2.0, 3.0])
    with ag.no_grad():
        w[0] = 5.0
        w[np.array([False, True, False])] = Tensor([7.0])
        w[-1:] *= 2
    np.testing.assert_array_equal(w.data, [5.0, 7.0, 6.0])
    (w * w).sum().backward()
    np.testing.assert_array_equal(w.grad, [10.0, 14.0, 12.0])


def test_item_assignment_to_a_scalar_under_no_grad():
    w = Tensor(1.0)
    with ag.no_grad():
        w[...] = 3
        w[()] = w + 1
    assert w.data == 4.0
    assert type(w.data) is np.float64


# ---------------------------------------------------------------- results


def test_on_a_result_it_rebinds_and_aliases_keep_the_old_value():
    x = Tensor([1.0, 2.0])
    y = alias = x * 2
    kept = alias * alias
    y += 10
    np.testing.assert_array_equal(alias.data, [2.0, 4.0])
    np.testing.assert_array_equal(y.data, [12.0, 14.0])
    (y * y + kept).sum().backward()
    np.testing.assert_array_equal(x.grad, 2 * 2 * y.data + 2 * 2 * alias.data)


@pytest.mark.parametrize("function", INPLACE.values(), ids=INPLACE)
def test_every_form_rebinds_on_a_result(function):
    x = Tensor([4.0, 9.0])
    y = alias = x * 1
    y = function(y, 2.0)
    assert y is not alias
    np.testing.assert_array_equal(alias.data, [4.0, 9.0])


def test_in_a_loop_it_accumulates_as_in_numpy():
    x = Tensor([1.0, 2.0])
    total = x * 0
    for k in range(4):
        total += k * x
    total.sum().backward()
    np.testing.assert_array_equal(x.grad, [6.0, 6.0])


def test_on_a_view_of_a_leaf_it_rebinds_and_the_leaf_stays():
    w = Tensor([1.0, 2.0, 3.0])
    v = w[:2]
    v *= 5
    np.testing.assert_array_equal(w.data, [1.0, 2.0, 3.0])
    v.sum().backward()
    np.testing.assert_array_equal(w.grad, [5.0, 5.0, 0.0])


def test_item_assignment_on_a_result_is_refused_always():
    y = Tensor([1.0, 2.0]) * 2
    for mode in (ag.enable_grad, ag.no_grad):
        with mode(), pytest.raises(ag.InPlaceError, match=r"ag\.index_update"):
            y[0] = 5.0
    np.testing.assert_array_equal(y.data, [2.0, 4.0])


# ---------------------------------------------------------------- constants


def test_on_a_constant_it_is_in_place():
    for start in (Tensor([1.0, 2.0], requires_grad=False), Tensor([1, 2])):
        c = alias = start
        c += 1
        c[0] = 9
        assert c is alias
        np.testing.assert_array_equal(c.data, [9, 3])


def test_a_constant_and_a_recording_value_make_a_new_result():
    c = alias = Tensor([1.0, 2.0], requires_grad=False)
    x = Tensor([5.0, 5.0])
    c += x
    np.testing.assert_array_equal(alias.data, [1.0, 2.0])
    assert c.requires_grad
    c.sum().backward()
    np.testing.assert_array_equal(x.grad, [1.0, 1.0])


def test_a_recording_value_written_into_a_constant_is_refused():
    c, x = Tensor([1.0, 2.0], requires_grad=False), Tensor(5.0)
    with pytest.raises(ag.InPlaceError, match=r"gradient would be lost.*ag\.index_update"):
        c[0] = x
    np.testing.assert_array_equal(c.data, [1.0, 2.0])


def test_a_plain_array_never_swallows_a_tensor():
    array, x = np.zeros(2), Tensor([1.0, 2.0])
    with pytest.raises(ag.NotDifferentiable, match=r"out="):
        array += x
    with pytest.raises(ag.DTypeError, match="history"):
        array[:] = x
    np.testing.assert_array_equal(array, [0.0, 0.0])


# ---------------------------------------------------------------- calls that cannot be right


def test_a_value_that_does_not_fit_names_both():
    w = Tensor(np.ones((2, 3)), name="w")
    with ag.no_grad():
        with pytest.raises(ag.ShapeError, match=r"\+=.*broadcast.*'w'.*\(2, 3\).*\(2,\)"):
            w += np.ones(2)
        with pytest.raises(ag.ShapeError, match=r"t\[index\] = value.*'w'.*\(2, 3\).*\(2,\)"):
            w[0] = np.ones(2)
        with pytest.raises(ag.IndexingError, match=r"t\[index\] = value.*index.*\(2, 3\)"):
            w[5] = 1.0
    np.testing.assert_array_equal(w.data, np.ones((2, 3)))
    (w * w).sum().backward()


def test_a_type_that_does_not_fit_is_refused_as_in_numpy():
    n = Tensor([1, 2])
    with pytest.raises(ag.DTypeError, match=r"\+=.*int64"):
        n += 0.5
    np.testing.assert_array_equal(n.data, [1, 2])
