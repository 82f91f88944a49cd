"""np.einsum on Tensors: every way of writing a sum, its derivatives, its messages."""

import numpy as np
import pytest

import autograd_core as ag
from autograd_core import Tensor
from tests.autograd_core.agreement import check_like_numpy
from tests.autograd_core.checking import check_derivatives

SIZES = dict(zip("abcdijkl", (2, 3, 2, 4, 2, 3, 4, 2), strict=True))

STRINGS = [
    "ij->ij",
    "ij->ji",
    "ji",
    "ij->",
    "ij->j",
    "ii",
    "ii->i",
    "ii->",
    "iii->i",
    "iijj->ij",
    "iji->j",
    "ij,jk->ik",
    "ij,jk",
    "ik,jk->ij",
    "ij,ij->",
    "i,j->ij",
    "i,i",
    "i,j->",
    "ij,j->i",
    "bij,bjk->bik",
    "ij,kl->ijkl",
    "ij,kl->lijk",
    "ii,ij->j",
    "ij,jj->i",
    "ij,jk,kl->il",
    "i,ij,j->",
    "i,i,i->i",
    "ij,jk,ki->",
    "aij,bij,cij->abc",
    "ii,jj->ij",
]


def operands_for(string, rng, dtype=float):
    words = string.split("->")[0].split(",")
    arrays = [rng.uniform(-1, 1, [SIZES[label] for label in word]) for word in words]
    if np.dtype(dtype).kind == "c":
        arrays = [x + 1j * rng.uniform(-1, 1, x.shape) for x in arrays]
    return arrays


@pytest.mark.parametrize("dtype", [float, complex])
@pytest.mark.parametrize("string", STRINGS)
def test_strings(string, dtype, rng):
    check_like_numpy(lambda *x: np.einsum(string, *x), operands_for(string, rng, dtype), rng)


@pytest.mark.parametrize(
    "optimize",
    [
        True,
        False,
        "greedy",
        "optimal",
        ("greedy", 100),
        ["einsum_path", (0, 1), (0, 1)],
    ],
    ids=str,
)
@pytest.mark.parametrize("string", ["ij,jk,kl->il", "ij,ij,ij->j", "aij,bij,cij->abc"])
def test_orders_of_the_products(string, optimize, rng):
    arrays = operands_for(string, rng)
    check_like_numpy(lambda *x: np.einsum(string, *x, optimize=optimize), arrays, rng)


@pytest.mark.parametrize(
    ("string", "shapes"),
    [
        ("...", [(2, 3)]),
        ("...->...", [(2, 3)]),
        ("...ij->...ji", [(2, 2, 3)]),
        ("i...->...", [(2, 3)]),
        ("...i,...i", [(4, 3), (3,)]),
        ("...i,...i->...", [(2, 1, 3), (4, 3)]),
        ("i...j,j...->i...", [(2, 4, 3), (3, 4)]),
        ("i...,i...->...i", [(2, 1), (2, 4)]),
        ("...ii->...i", [(2, 3, 3)]),
        ("...,...", [(2, 3), ()]),
        ("...ij,...jk", [(5, 2, 3), (3, 4)]),
        ("a...b,...,b->a...", [(2, 3, 2), (3,), (2,)]),
    ],
)
def test_ellipses(string, shapes, rng):
    arrays = [np.asarray(rng.uniform(-1, 1, shape))[()] for shape in shapes]
    check_like_numpy(lambda *x: np.einsum(string, *x), arrays, rng)


def test_implicit_output_is_in_the_order_of_the_alphabet(rng):
    x, y = rng.uniform(-1, 1, (2, 3)), rng.uniform(-1, 1, (3, 4))
    check_like_numpy(lambda x, y: np.einsum("zb,bA", x, y), [x, y], rng)
    check_like_numpy(lambda x, y: np.einsum(x, [30, 2], y, [2, 5]), [x, y], rng)


@pytest.mark.parametrize(
    ("form", "shapes"),
    [
        (lambda x, y: (x, [0, 1], y, [1, 2], [0, 2]), [(2, 3), (3, 4)]),
        (lambda x, y: (x, [0, 1], y, [1, 2]), [(2, 3), (3, 4)]),
        (lambda x, y: (x, [5, 1], y, [1, 0]), [(2, 3), (3, 4)]),
        (lambda x: (x, [0, 0], []), [(3, 3)]),
        (lambda x: (x, (1, 0)), [(2, 3)]),
        (lambda x: (x, [0, 0], [0]), [(3, 3)]),
        (lambda x, y: (x, [..., 0], y, [..., 0], [...]), [(2, 1, 3), (4, 3)]),
        (lambda x, y: (x, [..., 3, 1], y, [1]), [(2, 2, 3), (3,)]),
        (lambda x: (x, [Ellipsis, 51], [51, Ellipsis]), [(2, 3)]),
    ],
)
def test_lists_of_labels(form, shapes, rng):
    arrays = [rng.uniform(-1, 1, shape) for shape in shapes]
    check_like_numpy(lambda *x: np.einsum(*form(*x)), arrays, rng)


@pytest.mark.parametrize(
    ("string", "shapes"),
    [
        ("ij,ij->ij", [(2, 3), (1, 3)]),
        ("ij,ij->i", [(2, 1), (2, 3)]),
        ("ij,jk->ik", [(2, 1), (3, 4)]),
        ("ij,ij->", [(1, 1), (2, 3)]),
        ("i,i", [(1,), (4,)]),
    ],
)
def test_axes_of_size_one_broadcast(string, shapes, rng):
    arrays = [rng.uniform(-1, 1, shape) for shape in shapes]
    check_like_numpy(lambda *x: np.einsum(string, *x), arrays, rng)


@pytest.mark.parametrize("shapes", [((0, 3), (3, 2)), ((2, 0), (0, 2))])
def test_no_elements(shapes, rng):
    arrays = [np.ones(shape) for shape in shapes]
    check_like_numpy(lambda x, y: np.einsum("ij,jk->ik", x, y), arrays, rng)


def test_keywords(rng):
    x, y = rng.uniform(-1, 1, (2, 3)), rng.uniform(-1, 1, (3, 2))
    for keywords in ({"dtype": "float64"}, {"order": "F"}, {"casting": "same_kind"}):
        result = np.einsum("ij,jk->ik", Tensor(x), y, **keywords)
        expected = np.einsum("ij,jk->ik", x, y, **keywords)
        np.testing.assert_array_equal(result.data, expected)
        assert result.data.strides == expected.strides
    narrow = Tensor(x.astype("float32"))
    wide = np.einsum("ij->j", narrow, dtype="float64")
    assert wide.dtype == "float64"
    wide.backward(np.ones(3))
    assert narrow.grad.dtype == "float32"


def test_constants_of_any_kind_stand_beside_tensors(rng):
    x = rng.uniform(-1, 1, (2, 3))
    for other in ([1, 2, 3], np.array([1, 2, 3]), np.array([1.0, 2.0, 3.0])):
        leaf = Tensor(x)
        np.einsum("ij,j->", leaf, other).backward()
        np.testing.assert_allclose(leaf.grad, np.broadcast_to(other, (2, 3)))


def test_one_tensor_twice(rng):
    x = rng.uniform(-1, 1, (3, 2))
    check_like_numpy(lambda x: np.einsum("ij,kj->ik", x, x), [x], rng)


def test_a_diagonal_is_a_view_and_its_version_is_shared():
    x = Tensor(np.ones((2, 2)))
    diagonal = np.einsum("ii->i", x)
    loss = (diagonal * diagonal).sum()
    x.data += 1.0
    with pytest.raises(ag.OverwrittenError):
        loss.backward()


def test_large_sums_are_planned(rng):
    x, y = rng.uniform(-1, 1, (60, 50)), rng.uniform(-1, 1, (50, 40))
    check_derivatives(lambda x, y: np.einsum("ij,jk->ik", x, y), [x, y], rng, order=1)


def test_the_path_is_plain(rng):
    x, y = rng.uniform(-1, 1, (2, 3)), rng.uniform(-1, 1, (3, 4))
    path, text = np.einsum_path("ij,jk->ik", Tensor(x), Tensor(y))
    assert (path, text) == np.einsum_path("ij,jk->ik", x, y)


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda x: np.einsum("ij,jk", x), "labels for 2 operands; 1"),
        (lambda x: np.einsum("ijk", x), "operand 0 has 2 axes"),
        (lambda x: np.einsum("i", x), "operand 0 has 2 axes"),
        (lambda x: np.einsum("i?", x), "A label is a letter"),
        (lambda x: np.einsum("ij->ik", x), "einsum"),
        (lambda x: np.einsum("ij,ij", x, np.ones((3, 2))), "einsum"),
        (lambda x: np.einsum(x, [0, 60]), "einsum"),
    ],
)
def test_messages(call, words):
    with pytest.raises((ValueError, IndexError)) as caught:
        call(Tensor(np.ones((2, 3))))
    assert isinstance(caught.value, ag.AutogradError)
    assert words in str(caught.value)


def test_out_is_refused():
    with pytest.raises(ag.NotDifferentiable, match="out="):
        np.einsum("ij->i", Tensor(np.ones((2, 3))), out=np.empty(2))
