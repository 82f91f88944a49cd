"""The ways out of the graph, and that nothing else drops the history in silence."""

import numpy as np
import pytest

import autograd_core as ag
from autograd_core import Tensor


def test_detach_shares_the_value_and_drops_the_history():
    x = Tensor([1.0, 2.0])
    d = x.detach()
    assert not d.requires_grad
    assert np.shares_memory(d.data, x.data)
    (x * d).sum().backward()
    np.testing.assert_array_equal(x.grad, [1.0, 2.0])


def test_detach_of_a_result_is_read_only():
    d = (Tensor([1.0, 2.0]) * 2).detach()
    with pytest.raises(ValueError, match="read-only"):
        d.data[0] = 5.0


def test_item_float_and_the_rest_of_the_ways_out():
    t = Tensor([[2.5]])
    assert t.item() == 2.5
    assert type(t.item()) is float
    assert float(t) == 2.5
    assert int(t) == 2
    assert complex(t) == 2.5 + 0j
    assert Tensor([[1.0, 2.0]]).tolist() == [[1.0, 2.0]]


def test_item_needs_one_element():
    with pytest.raises(ag.ShapeError, match=r"item.*one element.*\(2,\)"):
        Tensor([1.0, 2.0]).item()


def test_asarray_of_a_recording_tensor_is_refused():
    with pytest.raises(ag.DTypeError, match=r"history.*'w'.*\(2,\).*\.data.*\.detach\(\)"):
        np.asarray(Tensor([1.0, 2.0], name="w"))


def test_asarray_of_a_constant_is_its_array():
    d = Tensor([1.0, 2.0]).detach()
    np.testing.assert_array_equal(np.asarray(d), [1.0, 2.0])
    assert np.asarray(d, dtype="f4").dtype == np.float32
    assert np.asarray(Tensor([1, 2])).dtype == np.int64


def test_a_list_of_tensors_does_not_detach_in_silence():
    a, b = Tensor(1.0), Tensor(2.0)
    for function in (np.exp, np.sum, np.array, np.asarray):
        with pytest.raises(ag.DTypeError, match=r"history in silence.*np\.stack"):
            function([a, b])


def test_an_array_of_objects_is_never_made():
    with pytest.raises(ag.DTypeError, match="history in silence"):
        np.array([Tensor(1.0), Tensor(2.0)], dtype=object)
    with pytest.raises(ag.DTypeError, match="history in silence"):
        np.full(2, Tensor(1.0))
    array = np.zeros(2)
    with pytest.raises(ag.DTypeError, match="history in silence"):
        array[:] = Tensor([1.0, 2.0])
