"""``grad`` and ``value_and_grad``: arguments, trees, modules, auxiliary output, messages."""

from fractions import Fraction
from typing import Any, NamedTuple

import numpy as np
import pytest

import autograd_core as ag
import nn


class Pair(NamedTuple):
    left: Any
    right: Any


def test_of_an_array_a_number_and_a_numpy_scalar():
    x = np.array([1.0, 2.0])
    np.testing.assert_array_equal(ag.grad(lambda x: np.sum(x**3))(x), 3 * x**2)
    for number in (2.0, np.float64(2.0), np.float32(2.0)):
        slope = ag.grad(lambda x: x * x)(number)
        assert slope == 4.0
        assert slope.dtype == np.asarray(number).dtype
        assert not isinstance(slope, ag.Tensor)


def test_argnums():
    def function(x, y, z):
        return x * y**2 + z

    assert ag.grad(function)(2.0, 3.0, 1.0) == 9.0
    assert ag.grad(function, 1)(2.0, 3.0, 1.0) == 12.0
    assert ag.grad(function, -1)(2.0, 3.0, 1.0) == 1.0
    assert ag.grad(function, (1, 0))(2.0, 3.0, 1.0) == (12.0, 9.0)
    assert ag.grad(function, [1])(2.0, 3.0, 1.0) == (12.0,)
    assert ag.grad(function, ())(2.0, 3.0, 1.0) == ()
    assert ag.grad(function, np.int64(1))(2.0, 3.0, 1.0) == 12.0


def test_keywords_are_handed_on():
    assert ag.grad(lambda x, power: x**power)(2.0, power=3) == 12.0


def test_arguments_that_are_not_differentiated_may_be_anything():
    assert ag.grad(lambda x, names: x * len(names))(2.0, ["a", None]) == 2.0
    assert ag.grad(lambda x, n: x**n)(2.0, 3) == 12.0


def test_trees():
    tree = {"w": np.ones(2), "layers": [np.float32(2.0), (3.0, Pair(4.0, [5.0]))], "none": []}

    def function(t):
        scale, (shift, pair) = t["layers"]
        return np.sum(t["w"]) * scale + shift**2 + pair.left * pair.right[0]

    found = ag.grad(function)(tree)
    np.testing.assert_array_equal(found["w"], [2.0, 2.0])
    assert found["layers"] == [2.0, (6.0, Pair(5.0, [4.0]))]
    assert isinstance(found["layers"][1][1], Pair)
    assert found["layers"][0].dtype == np.float32
    assert found["none"] == []


def test_of_an_argument_that_does_not_matter_it_is_0():
    assert ag.grad(lambda x, _: x, 1)(1.0, 2.0) == 0.0
    np.testing.assert_array_equal(ag.grad(lambda _: 1.0)(np.ones(3)), np.zeros(3))
    np.testing.assert_array_equal(ag.grad(lambda x: np.sum(x > 0))(np.ones(3)), np.zeros(3))


def test_of_an_argument_that_is_returned_it_is_1():
    assert ag.value_and_grad(lambda x: x)(3.0) == (3.0, 1.0)


def test_value_and_grad():
    value, gradient = ag.value_and_grad(lambda x: np.sum(x**2))(np.array([1.0, 2.0]))
    assert value == 5.0
    assert type(value) is np.float64
    np.testing.assert_array_equal(gradient, [2.0, 4.0])


def test_auxiliary_output_comes_back_outside_the_graph():
    def function(x):
        hidden = x**2
        return np.sum(hidden), {"hidden": hidden, "note": "kept", "more": [hidden + 1]}

    x = np.array([1.0, 2.0])
    (value, aux), gradient = ag.value_and_grad(function, has_aux=True)(x)
    np.testing.assert_array_equal(gradient, 2 * x)
    assert value == 5.0
    assert type(aux["hidden"]) is np.ndarray
    assert aux["note"] == "kept"
    np.testing.assert_array_equal(aux["more"][0], x**2 + 1)
    assert ag.grad(lambda x: (x, None), has_aux=True)(1.0) == (1.0, None)


def test_auxiliary_output_without_tensors_stays_the_object_it_is():
    model, counts = nn.Linear(1, 1), {"seen": 3}
    _, aux = ag.grad(lambda x: (x, (model, counts)), has_aux=True)(1.0)
    assert aux[0] is model
    assert aux[1] is counts


def test_auxiliary_output_that_an_outer_tensor_needs_stays_recorded():
    w = ag.Tensor(3.0)
    slope, aux = ag.grad(lambda x: (x**2, w * x), has_aux=True)(2.0)
    assert slope == 4.0
    assert not isinstance(slope, ag.Tensor)
    aux.backward()
    assert w.grad == 2.0


def test_nobodys_grad_is_touched():
    x, w = ag.Tensor(2.0), ag.Tensor(3.0)
    slope = ag.grad(lambda x: w * x**2)(x)
    assert x.grad is None
    assert w.grad is None
    slope.backward()
    assert (x.grad, w.grad) == (6.0, 4.0)


def test_the_users_array_is_neither_written_nor_returned():
    x = np.ones(3)
    value, gradient = ag.value_and_grad(np.sum)(x)
    gradient += 1
    np.testing.assert_array_equal(x, 1.0)
    assert value == 3.0


def test_single_precision_stays():
    x = np.ones(3, np.float32)
    value, gradient = ag.value_and_grad(lambda x: np.sum(2.0 * x))(x)
    assert value.dtype == gradient.dtype == np.float32


def test_of_complex_numbers_it_is_as_backward_says():
    z = np.array([1.0 + 2.0j, -0.5j])
    np.testing.assert_allclose(ag.grad(lambda z: np.sum(np.abs(z) ** 2))(z), 2 * z)
    leaf = ag.Tensor(z)
    np.sum(np.real(leaf**3)).backward()
    np.testing.assert_allclose(ag.grad(lambda z: np.sum(np.real(z**3)))(z), leaf.grad)


def test_under_no_grad_it_works_and_records_nothing():
    x = ag.Tensor(2.0)
    with ag.no_grad():
        assert not isinstance(ag.grad(lambda x: x**3)(x), ag.Tensor)
        assert ag.grad(lambda x: x**3)(x) == 12.0
        assert not ag.is_recording()


def test_exceptions_pass_and_leave_nothing_behind():
    model = nn.Linear(2, 1)
    nodes = [p._node for p in model.parameters()]

    def fails(_):
        raise KeyError("mine")

    with ag.no_grad():
        with pytest.raises(KeyError, match="mine"):
            ag.grad(fails)(model)
        assert not ag.is_recording()
    assert [p._node for p in model.parameters()] == nodes
    assert ag.grad(lambda m: np.sum(m(np.ones((1, 2)))))(model)["bias"] == 1.0


def test_the_function_keeps_its_name():
    def energy(x):
        """Of a spring."""
        return x**2

    for transform in (ag.grad, ag.value_and_grad, ag.jacobian, ag.hessian, ag.laplacian):
        assert transform(energy).__name__ == "energy"
        assert transform(energy).__doc__ == "Of a spring."


# ------------------------------------------------------------------------------ messages

MESSAGES = [
    (lambda: ag.grad(lambda x: x)(2), ag.DTypeError, "Write 2.0 instead of 2"),
    (lambda: ag.grad(lambda x: x)(ag.Tensor([1])), ag.DTypeError, "Write 2.0 instead of 2"),
    (lambda: ag.grad(lambda x: x)("text"), ag.DTypeError, "only floating and complex numbers"),
    (lambda: ag.grad(lambda x: x)(Fraction(1, 2)), ag.DTypeError, "only floating and complex"),
    (lambda: ag.grad(lambda x: x)(None), ag.DTypeError, "only floating and complex numbers"),
    (
        lambda: ag.grad(lambda x: x, 1)(2.0),
        ag.GraphError,
        (
            "grad: argnums=1 names an argument that was not given; the function was called with 1"
            " positional argument."
        ),
    ),
    (
        lambda: ag.grad(lambda x: x)(x=2.0),
        ag.GraphError,
        (
            "grad: argnums=0 names an argument that was not given; the function was called with 0"
            " positional arguments."
        ),
    ),
    (
        lambda: ag.grad(lambda x: x, "x")(2.0),
        ag.GraphError,
        "grad: argnums is the position of an argument, or a sequence of them; it is 'x'.",
    ),
    (
        lambda: ag.grad(lambda x, _: x, (0, -2))(2.0, 1.0),
        ag.GraphError,
        "grad: argnums=(0, -2) names an argument twice.",
    ),
    (
        lambda: ag.grad(lambda x: x * 2)(np.ones(3)),
        ag.GraphError,
        (
            "grad: the function must return a single number, and it returned"
            " Tensor of shape (3,), float64. Reduce it (.sum(), .mean()), or use ag.jacobian."
        ),
    ),
    (
        lambda: ag.grad(lambda _: None)(1.0),
        ag.GraphError,
        "grad: the function must return a single number, and it returned None. Reduce it",
    ),
    (
        lambda: ag.grad(lambda x: (x, x))(1.0),
        ag.GraphError,
        "grad: the function must return a single number, and it returned",
    ),
    (
        lambda: ag.grad(lambda z: z * z)(1.0 + 1j),
        ag.GraphError,
        (
            "grad: the function returned a complex number. Return a real one, such as its absolute"
            " value or its real part."
        ),
    ),
    (
        lambda: ag.grad(lambda x: x, has_aux=True)(1.0),
        ag.DTypeError,
        "grad(..., has_aux=True): the function must return (output, auxiliary); it returned",
    ),
]


@pytest.mark.parametrize(("call", "kind", "words"), MESSAGES)
def test_a_wrong_call_says_what_to_do(call, kind, words):
    with pytest.raises(kind) as caught:
        call()
    assert words in str(caught.value)
