"""Methods of NumPy's arrays: plain ones, and those that work in place."""

import numpy as np
import pytest

import autograd_core as ag
from autograd_core import Tensor

IN_PLACE = {
    "sort": (lambda x: x.sort(), "np.sort"),
    "sort, kind": (lambda x: x.sort(0, kind="stable"), "np.sort"),
    "partition": (lambda x: x.partition(1), "np.partition"),
    "fill": (lambda x: x.fill(3.0), "np.full_like"),
    "put": (lambda x: x.put([0, 2], [5.0, 6.0]), "ag.index_update"),
}


@pytest.mark.parametrize("call", IN_PLACE.values(), ids=IN_PLACE)
@pytest.mark.parametrize("start", [lambda x: x, lambda x: x * 2.0])
def test_in_place_is_refused_where_a_graph_may_need_the_values(call, start):
    change, instead = call
    x = start(Tensor([3.0, 1.0, 2.0]))
    before = x.data.copy()
    with pytest.raises(ag.InPlaceError, match=instead):
        change(x)
    np.testing.assert_array_equal(x.data, before)


@pytest.mark.parametrize("call", IN_PLACE.values(), ids=IN_PLACE)
def test_in_place_is_done_where_no_graph_needs_them(call):
    change, _ = call
    expected = np.array([3.0, 1.0, 2.0])
    change(expected)
    constant = Tensor([3.0, 1.0, 2.0], requires_grad=False)
    change(constant)
    leaf = Tensor([3.0, 1.0, 2.0])
    with ag.no_grad():
        change(leaf)
    np.testing.assert_array_equal(constant.data, expected)
    np.testing.assert_array_equal(leaf.data, expected)


@pytest.mark.parametrize("call", IN_PLACE.values(), ids=IN_PLACE)
def test_a_graph_that_saved_the_old_values_notices(call):
    change, _ = call
    x = Tensor([3.0, 1.0, 2.0])
    loss = (x * x).sum()
    with ag.no_grad():
        change(x)
    with pytest.raises(ag.OverwrittenError):
        loss.backward()


def test_a_value_that_records_is_not_lost_in_one_that_does_not():
    x, v = Tensor([1.0, 2.0], requires_grad=False), Tensor(3.0)
    for change in (lambda: x.fill(v), lambda: x.put([0], v)):
        with pytest.raises(ag.InPlaceError):
            change()


def test_a_number_is_filled_too():
    x = Tensor(1.0, requires_grad=False)
    x.fill(2.0)
    assert x.item() == 2


def test_what_is_wrong_is_said():
    x = Tensor([1.0, 2.0], requires_grad=False)
    with pytest.raises(ag.ShapeError, match=r"t\.sort"):
        x.sort(axis=3)
    with pytest.raises(ag.IndexingError, match=r"t\.put"):
        x.put(7, 1.0)


def test_the_size_never_changes_in_place():
    with pytest.raises(ag.InPlaceError, match=r"np\.resize\(t, 3\) or t\.reshape\(3\)"):
        Tensor([1.0], requires_grad=False).resize(3)


def test_places_are_plain_arrays():
    x = Tensor([3.0, 0.0, 2.0])
    np.testing.assert_array_equal(x.nonzero(), [[0, 2]])
    np.testing.assert_array_equal(x.argpartition(1), x.data.argpartition(1))
    ascending = Tensor([1.0, 2.0, 3.0])
    np.testing.assert_array_equal(ascending.searchsorted(Tensor([1.5, 3.0])), [1, 2])
    np.testing.assert_array_equal(ascending.searchsorted(2.0, "right"), 2)
    for function in (np.tril_indices_from, np.triu_indices_from, np.diag_indices_from):
        square = Tensor(np.ones((2, 2)))
        np.testing.assert_array_equal(function(square), function(square.data))
    np.testing.assert_array_equal(np.ix_(Tensor([0, 1]))[0], [0, 1])
