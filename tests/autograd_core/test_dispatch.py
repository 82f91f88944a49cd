"""The door to NumPy: refusals with a remedy, out= and its like, operands of every kind."""

import numpy as np
import pytest

import autograd_core as ag
from autograd_core import Tensor
from autograd_core.dispatch import INSTEAD, RECORDED

MATRIX = np.array([[1.5, -0.5, 2.0], [0.25, 3.0, -1.0], [0.5, 0.75, 1.25]])


def test_the_refusal_names_the_function_and_leaving_the_graph(monkeypatch):
    monkeypatch.delitem(RECORDED, np.linalg.cond)
    with pytest.raises(TypeError, match=r"np\.linalg\.cond on a Tensor.*np\.linalg\.cond\(x\.data"):
        np.linalg.cond(Tensor(MATRIX))


@pytest.mark.parametrize("function", INSTEAD, ids=lambda function: function.__name__)
def test_functions_that_are_asked_for_often_name_what_to_use_instead(function):
    t = Tensor(MATRIX)
    arguments = {
        np.copyto: (np.zeros((3, 3)), t),
        np.put: (t, [0], 1.0),
        np.put_along_axis: (t, np.array([[0]]), 1.0, 0),
        np.place: (np.zeros((3, 3)), MATRIX > 0, t),
        np.putmask: (np.zeros((3, 3)), MATRIX > 0, t),
        np.fill_diagonal: (t, 0.0),
        np.divmod: (t, 2.0),
    }.get(function, (t,))
    with pytest.raises(ag.NotDifferentiable) as caught:
        function(*arguments)
    assert f"np.{function.__name__} on a Tensor" in str(caught.value)
    assert f"Use {INSTEAD[function]} instead" in str(caught.value)


# ---------------------------------------------------------------- out=, where= and the like


@pytest.mark.parametrize(
    "call",
    [
        lambda t, out: np.exp(t, out=out),
        np.exp,
        lambda t, out: np.add(t, 1.0, out=(out,)),
        lambda t, out: np.sum(t, axis=0, keepdims=True, out=out),
        lambda t, out: np.concatenate([t, t], out=out),
        lambda t, out: np.clip(t, 0, 1, out=out),
        lambda t, out: np.matmul(t, t, out=out),
        lambda t, out: np.floor(t, out=out),
    ],
)
@pytest.mark.parametrize("kind", ["array", "Tensor"])
def test_out_is_refused(call, kind):
    array = np.full((3, 3), 7.0)
    out = array if kind == "array" else Tensor(array, copy=False)
    with pytest.raises(ag.NotDifferentiable, match=r"np\.\w+.*out=.*overwrite"):
        call(Tensor(MATRIX), out)
    np.testing.assert_array_equal(array, 7.0)


def test_out_as_a_tensor_among_arrays_is_refused():
    t = Tensor(MATRIX)
    with pytest.raises(ag.NotDifferentiable, match="out="):
        np.add(MATRIX, 1.0, out=t)
    np.testing.assert_array_equal(t.data, MATRIX)


@pytest.mark.parametrize(
    ("name", "call"),
    [
        ("where", lambda t: np.add(t, 1.0, where=MATRIX > 0)),
        ("initial", lambda t: np.sum(t, initial=1.0)),
        ("where", lambda t: np.mean(t, where=MATRIX > 0)),
        ("order", lambda t: np.add(t, 1.0, order="F")),
        ("casting", lambda t: np.multiply(t, 2.0, casting="unsafe")),
    ],
)
def test_rare_arguments_are_obeyed_or_refused_by_name_never_ignored(name, call):
    refusal = None
    try:
        result = call(Tensor(MATRIX))
    except ag.NotDifferentiable as error:
        refusal = str(error)
    if refusal is None:
        expected = call(MATRIX)
        seen = MATRIX > 0 if expected.shape and name == "where" else ...
        np.testing.assert_array_equal(result.data[seen], expected[seen])
        assert result.data.flags.f_contiguous == expected.flags.f_contiguous
    else:
        assert name in refusal


def test_a_dtype_that_would_drop_the_fraction_is_refused_as_in_numpy():
    with pytest.raises(ag.DTypeError, match=r"np\.exp.*float64.*int64"):
        np.exp(Tensor(MATRIX), dtype=int)


def test_dtype_of_a_reduction():
    t = Tensor(MATRIX, dtype="f4")
    total = np.sum(t, dtype="f8")
    assert total.dtype == np.float64
    total.backward()
    assert t.grad.dtype == np.float32


# ---------------------------------------------------------------- kinds of operand


def test_conditions_and_indices_may_be_tensors():
    x, chosen = Tensor([1.0, 2.0, 3.0]), Tensor([True, False, True])
    np.where(chosen, x, 0.0).sum().backward()
    np.testing.assert_array_equal(x.grad, [1.0, 0.0, 1.0])
    np.testing.assert_array_equal(x[Tensor([2, 0])].data, [3.0, 1.0])


def test_lists_and_tuples_of_tensors_and_arrays_are_joined():
    a, b = Tensor(1.0), Tensor([2.0, 3.0])
    np.concatenate((b, [4.0], np.array([5.0]), b)).sum().backward()
    np.testing.assert_array_equal(b.grad, [2.0, 2.0])
    np.stack([a, a, 7.0]).sum().backward()
    assert a.grad == 2.0


def test_integer_tensors_go_through_as_constants():
    n = Tensor([1, 2, 3])
    for result in (np.sum(n), np.exp(n), n + 1, n[0], np.concatenate([n, n])):
        assert isinstance(result, Tensor)
        assert not result.requires_grad
    assert np.sum(n).dtype == np.int64


@pytest.mark.parametrize("partner", [np.array([1, 2], object), np.array([None, 1.0])])
@pytest.mark.parametrize("start", [[1.0, 2.0], 1.0])
def test_an_object_array_never_comes_out(partner, start):
    for call in (
        np.multiply,
        np.add,
        np.maximum,
        lambda x, y: x - y,
        lambda x, y: np.stack([x, y]),
    ):
        for operands in ((Tensor(start), partner), (partner, Tensor(start))):
            with pytest.raises((ag.DTypeError, ag.ShapeError)):
                call(*operands)


def test_a_tensor_subclass_records_as_a_tensor():
    class Weight(Tensor):
        """A Tensor of the user's own kind."""

    w = Weight([1.0, 2.0])
    assert type(w.detach()) is Tensor
    np.sum(np.exp(w) * np.ones(2)).backward()
    np.testing.assert_allclose(w.grad, np.exp(w.data))
