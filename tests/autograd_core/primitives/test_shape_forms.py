"""Changes of shape over all arguments, copies and casts, beside test_shape's properties."""

import numpy as np
import pytest

import autograd_core as ag
from autograd_core import Tensor
from tests.autograd_core.moving import check_moved

CALLS = {
    "reshape to an int": (lambda x: np.reshape(x, -1), (2, 3)),
    "reshape, order": (lambda x: np.reshape(x, (3, 2), order="F"), (2, 3)),
    "reshape, order A": (lambda x: np.reshape(x.T, (2, 3), "A"), (2, 3)),
    "reshape, copy": (lambda x: np.reshape(x, (3, 2), copy=True), (2, 3)),
    "reshape by an array": (lambda x: np.reshape(x, np.array([3, 2])), (2, 3)),
    "reshape to a number": (lambda x: x.reshape(()) if x.ndim else x, (1,)),
    "reshape, method": (lambda x: x.reshape(3, 2, order="F"), (2, 3)),
    **{f"ravel {o}": (lambda x, o=o: np.ravel(x.T, o)[:], (2, 3)) for o in "CFAK"},
    **{f"flatten {o}": (lambda x, o=o: x.T.flatten(o), (2, 3)) for o in "CFAK"},
    "transpose": (lambda x: np.transpose(x), (2, 3)),  # noqa: PLW0108
    "transpose, axes": (lambda x: np.transpose(x, [1, -1, 0]), (2, 3, 2)),
    "transpose, method": (lambda x: x.transpose(2, 0, 1), (2, 3, 2)),
    "permute_dims": (lambda x: np.permute_dims(x, (1, 0)), (2, 3)),
    "matrix_transpose": (np.matrix_transpose, (2, 3, 2)),
    "linalg.matrix_transpose": (np.linalg.matrix_transpose, (2, 3)),
    "swapaxes": (lambda x: np.swapaxes(x, axis1=0, axis2=-1), (2, 3, 2)),
    "moveaxis": (lambda x: np.moveaxis(x, 0, -1), (2, 3, 2)),
    "moveaxis, several": (lambda x: np.moveaxis(x, [0, 1], [-1, 0]), (2, 3, 2)),
    **{
        f"rollaxis {axis}, {start}": (
            lambda x, a=axis, s=start: np.rollaxis(x, a, s),
            (2, 3, 4),
        )
        for axis in (0, 1, -1)
        for start in (0, 1, 2, 3, -1, -3)
    },
    "expand_dims": (lambda x: np.expand_dims(x, -1), (2, 3)),
    "expand_dims, several": (lambda x: np.expand_dims(x, (0, -2)), (2, 3)),
    "squeeze": (lambda x: np.squeeze(x), (1, 2, 1)),  # noqa: PLW0108
    "squeeze, axis": (lambda x: np.squeeze(x, axis=(0, -1)), (1, 2, 1)),
    "squeeze to a number": (lambda x: x.squeeze(), (1, 1)),
    "broadcast_to": (lambda x: np.broadcast_to(x, (2, 2, 3)), (2, 1)),
    "broadcast_to an int": (lambda x: np.broadcast_to(x, 3), ()),
    "atleast_1d": (np.atleast_1d, ()),
    "atleast_2d": (np.atleast_2d, (3,)),
    "atleast_3d of a number": (np.atleast_3d, ()),
    "atleast_3d of a vector": (np.atleast_3d, (3,)),
    "atleast_3d of a matrix": (np.atleast_3d, (2, 3)),
    "copy": (lambda x: np.copy(x, order="F"), (2, 3)),
    "copy, method": (lambda x: x.copy(), (2, 3)),
    "astype": (lambda x: np.astype(x, complex), (2, 3)),
    "astype, not copied": (lambda x: np.astype(x, x.dtype, copy=False), (2, 3)),
    "astype, method": (lambda x: x.astype("c16", order="F", casting="safe"), (2, 3)),
}


@pytest.mark.parametrize("call", CALLS.values(), ids=CALLS)
def test_it_is_what_numpy_gives(call, rng):
    function, shape = call
    check_moved(function, [shape], rng)


@pytest.mark.parametrize(
    "together", [np.broadcast_arrays, np.atleast_1d, np.atleast_2d, np.atleast_3d]
)
def test_several_at_once_come_as_a_tuple(together, rng):
    check_moved(together, [(2, 1), (3,), ()], rng)
    assert type(together(Tensor([1.0]), Tensor([2.0]))) is tuple
    assert type(together(Tensor([1.0]), 2.0)) is tuple


def test_to_integers_the_history_ends():
    out = Tensor([1.5, -2.5]).astype(int)
    assert not out.requires_grad
    np.testing.assert_array_equal(out.data, [1, -2])


def test_a_flattened_tensor_is_its_own():
    x = Tensor([1.0, 2.0], requires_grad=False)
    flat, view = x.flatten(), x.ravel()
    flat[0], view[1] = 9.0, 7.0
    np.testing.assert_array_equal(x.data, [1, 7])
    assert x.view().shape == (2,)


@pytest.mark.parametrize(
    "view",
    [
        lambda x: x.reshape(-1),
        lambda x: x.T,
        lambda x: x.mT,
        lambda x: np.swapaxes(x, 0, 1),
        lambda x: np.moveaxis(x, 0, 1),
        lambda x: np.expand_dims(x, 0),
        lambda x: np.squeeze(x),  # noqa: PLW0108
        lambda x: np.broadcast_to(x, (3, 2, 2)),
        lambda x: np.broadcast_arrays(x, 1.0)[0],
        np.atleast_3d,
        lambda x: x.view(),
    ],
)
def test_overwriting_what_a_view_shows_is_noticed(view):
    x = Tensor(np.ones((2, 2)))
    seen = view(x)
    loss = (seen * seen).sum()
    with ag.no_grad():
        x += 1.0
    with pytest.raises(ag.OverwrittenError):
        loss.backward()


@pytest.mark.parametrize(
    ("wrong", "error", "words"),
    [
        (lambda x: np.reshape(x, (4, 4)), ValueError, ["reshape", "(2, 3)", "(4,4)"]),
        (lambda x: np.reshape(x, 2.5), TypeError, ["reshape"]),
        (lambda x: np.transpose(x, (0,)), ValueError, ["transpose", "2 axes"]),
        (lambda x: np.transpose(x, (0, 0)), ValueError, ["transpose", "twice"]),
        (lambda x: np.matrix_transpose(x[0]), ValueError, ["matrix_transpose", "[:, None]"]),
        (lambda x: np.moveaxis(x, (0, 1), 0), ValueError, ["moveaxis", "source"]),
        (lambda x: np.rollaxis(x, 0, 5), ValueError, ["rollaxis", "start", "5"]),
        (lambda x: np.expand_dims(x, 7), ValueError, ["expand_dims", "axis 7"]),
        (lambda x: np.squeeze(x, 0), ValueError, ["squeeze", "size"]),
        (lambda x: np.broadcast_to(x, (2, 2)), ValueError, ["broadcast_to", "(2,2)"]),
        (lambda x: np.broadcast_arrays(x, [1, 2]), ValueError, ["broadcast_arrays", "broadcast"]),
        (lambda x: x.astype("f4", casting="safe"), TypeError, ["astype", "float32", "safe"]),
        (lambda x: np.astype(x, "f4", device="tpu"), ValueError, ["astype", "'tpu'"]),
        (lambda x: x.view("i8"), TypeError, ["view", "astype"]),
    ],
)
def test_what_is_wrong_is_said(wrong, error, words):
    with pytest.raises(error) as caught:
        wrong(Tensor(np.ones((2, 3))))
    assert isinstance(caught.value, ag.AutogradError)
    assert [word for word in words if word not in str(caught.value)] == []
