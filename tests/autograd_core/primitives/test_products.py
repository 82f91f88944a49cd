"""inner, vdot, outer, tensordot, cross, kron and NumPy's linalg names for products."""

import numpy as np
import pytest

import autograd_core as ag
from autograd_core import Tensor
from tests.autograd_core.agreement import check_like_numpy

DTYPES = [float, complex]


def draw(rng, dtype, *shapes):
    arrays = [rng.uniform(-1, 1, shape) for shape in shapes]
    if np.dtype(dtype).kind == "c":
        arrays = [x + 1j * rng.uniform(-1, 1, np.shape(x)) for x in arrays]
    return [np.asarray(x)[()] for x in arrays]


every_dtype = pytest.mark.parametrize("dtype", DTYPES)


@every_dtype
@pytest.mark.parametrize(
    "shapes",
    [((3,), (3,)), ((2, 3), (3,)), ((3,), (2, 3)), ((2, 3), (4, 3)), ((2, 1, 3), (4, 2, 3))],
    ids=str,
)
def test_inner(shapes, dtype, rng):
    check_like_numpy(np.inner, draw(rng, dtype, *shapes), rng)


@pytest.mark.parametrize("shapes", [((), (2, 3)), ((2,), ()), ((), ())], ids=str)
def test_inner_with_a_number(shapes, rng):
    check_like_numpy(np.inner, draw(rng, float, *shapes), rng)


@every_dtype
@pytest.mark.parametrize("shapes", [((3,), (3,)), ((2, 3), (2, 3)), ((2, 3), (3, 2))], ids=str)
def test_vdot_flattens_and_conjugates_the_first(shapes, dtype, rng):
    check_like_numpy(np.vdot, draw(rng, dtype, *shapes), rng)


@every_dtype
@pytest.mark.parametrize("shapes", [((3,), (4,)), ((2, 2), (3, 1)), ((), (3,)), ((6, 1), (2,))])
def test_outer(shapes, dtype, rng):
    check_like_numpy(np.outer, draw(rng, dtype, *shapes), rng)


def test_linalg_outer_takes_vectors(rng):
    check_like_numpy(np.linalg.outer, draw(rng, complex, (3,), (2,)), rng)
    with pytest.raises(ag.ShapeError, match=r"two vectors.*np\.outer"):
        np.linalg.outer(Tensor(np.ones((2, 2))), np.ones(2))


TENSORDOT = [
    ((2, 3), (2, 3), {}),
    ((2, 3, 4), (3, 4, 2), {}),
    ((2, 3), (3, 4), {"axes": 1}),
    ((2,), (3, 4), {"axes": 0}),
    ((2, 3, 4), (4, 3, 2), {"axes": ([0, 2], [2, 0])}),
    ((2, 3, 4), (4, 2, 5), {"axes": ((2, 0), (0, 1))}),
    ((3, 2), (3, 4), {"axes": (0, 0)}),
    ((2, 3, 4), (3, 5), {"axes": [-2, -2]}),
    ((2, 3, 4), (3, 2, 4), {"axes": ([1, 0], [0, 1])}),
    ((0, 2), (2, 3), {"axes": 1}),
]


@every_dtype
@pytest.mark.parametrize(("left", "right", "keywords"), TENSORDOT, ids=str)
def test_tensordot(left, right, keywords, dtype, rng):
    def scalars(x, y):  # NumPy gives an array of no axes where ours is a number
        out = np.tensordot(x, y, **keywords)
        return out if out.ndim else out[()]

    check_like_numpy(scalars, draw(rng, dtype, left, right), rng)


def test_linalg_tensordot(rng):
    x, y = draw(rng, float, (2, 3), (3, 4))
    check_like_numpy(lambda x, y: np.linalg.tensordot(x, y, axes=1), [x, y], rng)


@pytest.mark.parametrize(
    ("keywords", "words"),
    [
        ({"axes": 1}, "axis 1 of a has 3 elements"),
        ({"axes": ([0], [0, 1])}, "does not name as many axes"),
        ({"axes": ([0], [5])}, "axis 5 does not exist"),
    ],
)
def test_messages_of_tensordot(keywords, words):
    with pytest.raises(ag.ShapeError, match="tensordot") as caught:
        np.tensordot(Tensor(np.ones((2, 3))), np.ones((2, 3)), **keywords)
    assert words in str(caught.value)


@every_dtype
@pytest.mark.parametrize(
    ("left", "right", "keywords"),
    [
        ((3,), (3,), {}),
        ((4, 3), (3,), {}),
        ((2, 1, 3), (4, 3), {}),
        ((3, 4), (3, 4), {"axis": 0}),
        ((3, 4), (4, 3), {"axisa": 0, "axisb": 1, "axisc": 0}),
        ((3, 2), (3,), {"axisa": 0}),
        ((2, 3, 2), (2, 3, 2), {"axisa": 1, "axisb": -2, "axisc": 1}),
    ],
    ids=str,
)
def test_cross(left, right, keywords, dtype, rng):
    check_like_numpy(lambda x, y: np.cross(x, y, **keywords), draw(rng, dtype, left, right), rng)


@pytest.mark.filterwarnings("ignore:Arrays of 2-dimensional vectors:DeprecationWarning")
@pytest.mark.parametrize("shapes", [((2,), (2,)), ((4, 2), (2,)), ((2,), (3,)), ((4, 3), (4, 2))])
def test_cross_of_plane_vectors(shapes, rng):
    check_like_numpy(np.cross, draw(rng, float, *shapes), rng)


def test_cross_of_plane_vectors_warns_as_numpy_does():
    with pytest.warns(DeprecationWarning, match="2-dimensional vectors"):
        np.cross(Tensor([1.0, 2.0]), [3.0, 4.0])


def test_linalg_cross(rng):
    x, y = draw(rng, float, (3, 4), (3, 4))
    check_like_numpy(lambda x, y: np.linalg.cross(x, y, axis=0), [x, y], rng)
    with pytest.raises(ag.ShapeError, match="3 components"):
        np.linalg.cross(Tensor(x), y)
    with pytest.raises(ag.ShapeError, match="3 components"):
        np.cross(Tensor(x), y)


@every_dtype
@pytest.mark.parametrize(
    "shapes",
    [((2,), (3,)), ((2, 2), (3, 1)), ((2, 3), (2,)), ((2,), (2, 3)), ((), (2,)), ((1, 2, 2), (3,))],
    ids=str,
)
def test_kron(shapes, dtype, rng):
    check_like_numpy(np.kron, draw(rng, dtype, *shapes), rng)


def test_numpys_linalg_names(rng):
    (x, y) = draw(rng, complex, (2, 3, 4), (2, 4, 3))
    check_like_numpy(np.linalg.matmul, [x, y], rng)
    check_like_numpy(np.linalg.matrix_transpose, [x], rng)
    check_like_numpy(lambda x: np.linalg.diagonal(x, offset=1), [x], rng)
    check_like_numpy(lambda x: np.linalg.trace(x, offset=-1), [x], rng)
    check_like_numpy(lambda x, y: np.linalg.vecdot(x, y, axis=1), [x, np.conj(x) * 2], rng)


def test_matmul_along_other_axes(rng):
    x, y = draw(rng, complex, (3, 2, 4), (4, 2, 5))
    axes = [(0, 2), (0, 2), (0, 2)]
    check_like_numpy(lambda x, y: np.matmul(x, y, axes=axes), [x, y], rng)


@pytest.mark.parametrize(
    "call",
    [
        lambda x: np.outer(x, x, out=np.empty((2, 2))),
        lambda x: np.outer(x, x, np.empty((2, 2))),
        lambda x: np.dot(x, x, np.empty(())),
    ],
)
def test_out_is_refused(call):
    with pytest.raises(ag.NotDifferentiable, match="out="):
        call(Tensor([1.0, 2.0]))
