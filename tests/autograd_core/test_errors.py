"""Every wrong call says which operation, on which operands, and what to do instead."""

import builtins
import re

import numpy as np
import pytest

import autograd_core as ag
from autograd_core import Tensor, errors

# ---------------------------------------------------------------- the family


@pytest.mark.parametrize(
    ("kind", "builtin"),
    [
        ("NotDifferentiable", "TypeError"),
        ("ShapeError", "ValueError"),
        ("DTypeError", "TypeError"),
        ("IndexingError", "IndexError"),
        ("GraphError", "RuntimeError"),
        ("InPlaceError", "RuntimeError"),
        ("OverwrittenError", "RuntimeError"),
        ("MissingExtraError", "ImportError"),
    ],
)
def test_each_is_an_autograd_error_and_one_of_pythons_own(kind, builtin):
    error = getattr(ag, kind)
    assert issubclass(error, ag.AutogradError)
    assert issubclass(error, getattr(builtins, builtin))
    assert error is getattr(errors, kind)


# ---------------------------------------------------------------- operands that do not fit


def named(shape, name, dtype="f8"):
    return Tensor(np.ones(shape), dtype=dtype, name=name)


#: What is called, the type of the error, and the words a newcomer needs, in any order.
MISTAKES = {
    "+": (
        lambda: named((2, 3), "a") + named((2, 4), "b", "f4"),
        ag.ShapeError,
        ["add", "'a'", "'b'", "(2, 3)", "(2, 4)", "float64", "float32", "broadcast", "reshape"],
    ),
    "array *": (
        lambda: np.ones(5) * named((2, 3), "w"),
        ag.ShapeError,
        ["multiply", "array of shape (5,)", "'w'", "(2, 3)", "broadcast"],
    ),
    "np.maximum": (
        lambda: np.maximum(named(3, "a"), np.ones(4)),
        ag.ShapeError,
        ["maximum", "'a'", "(3,)", "(4,)", "broadcast"],
    ),
    "@": (
        lambda: named((2, 3), "w") @ np.ones((2, 4), "f4"),
        ag.ShapeError,
        ["matmul", "'w'", "(2, 3)", "(2, 4)", "float32", "same k", "Transpose"],
    ),
    "vector @": (
        lambda: named(3, "w") @ np.ones(4),
        ag.ShapeError,
        ["matmul", "'w'", "(3,)", "(4,)", "same k"],
    ),
    "@ number": (
        lambda: named((2, 3), "w") @ 2.0,
        ag.ShapeError,
        ["matmul", "'w'", "(2, 3)", "the number 2.0"],
    ),
    "np.dot": (
        lambda: np.dot(named((2, 3), "w"), np.ones((2, 4))),
        ag.ShapeError,
        ["'w'", "(2, 3)", "(2, 4)", "same k"],
    ),
    "linear": (
        lambda: ag.linear(named((5, 4), "x"), named((2, 3), "weight")),
        ag.ShapeError,
        ["linear", "(outputs, inputs)", "(5, 4)", "(2, 3)", "'x'", "'weight'"],
    ),
    "linear, bias": (
        lambda: ag.linear(np.ones((5, 3)), named((2, 3), "w"), named(3, "b")),
        ag.ShapeError,
        ["linear", "bias of shape (outputs,)", "(2, 3)", "(3,)"],
    ),
    "concatenate": (
        lambda: np.concatenate([named((2, 3), "a"), named((2, 4), "b")]),
        ag.ShapeError,
        ["concatenate", "'a'", "'b'", "(2, 3)", "(2, 4)"],
    ),
    "stack": (
        lambda: np.stack([named((2, 3), "a"), named((2, 4), "b")]),
        ag.ShapeError,
        ["stack", "'a'", "'b'", "(2, 3)", "(2, 4)"],
    ),
    "where": (
        lambda: np.where(np.ones(4, bool), named(3, "a"), 0.0),
        ag.ShapeError,
        ["where", "'a'", "(3,)", "(4,)", "broadcast"],
    ),
    "reshape": (
        lambda: named(6, "x").reshape(4, 2),
        ag.ShapeError,
        ["reshape", "'x'", "(6,)", "(4,2)"],
    ),
    "broadcast_to": (
        lambda: np.broadcast_to(named(3, "x"), (2, 4)),
        ag.ShapeError,
        ["broadcast_to", "'x'", "(3,)", "(2,4)"],
    ),
    "transpose": (
        lambda: named((2, 3), "x").transpose(0, 1, 2),
        ag.ShapeError,
        ["transpose", "'x'", "(2, 3)", "(0, 1, 2)"],
    ),
    "squeeze": (
        lambda: np.squeeze(named((2, 3), "x"), axis=0),
        ag.ShapeError,
        ["squeeze", "'x'", "(2, 3)"],
    ),
    "split": (
        lambda: np.split(named((5, 2), "x"), 3),
        ag.ShapeError,
        ["split", "axis 0", "5 elements", "3", "array_split"],
    ),
    "squared_error": (
        lambda: ag.squared_error(named((5, 1), "p"), np.ones(5)),
        ag.ShapeError,
        ["squared_error", "(5, 1)", "(5,)", "same shape", "reshape", "'p'"],
    ),
    # ------------------------------------------------------------ axes and indices
    "sum, axis": (
        lambda: np.sum(named((2, 3), "x"), axis=5),
        ag.ShapeError,
        ["sum", "axis 5", "'x'", "(2, 3)", "2 axes", "-2 to 1"],
    ),
    "mean, axis twice": (
        lambda: named((2, 3), "x").mean(axis=(0, -2)),
        ag.ShapeError,
        ["mean", "(0, -2)", "twice"],
    ),
    "softmax, axis": (
        lambda: ag.softmax(named((2, 3), "x"), axis=2),
        ag.ShapeError,
        ["softmax", "axis 2", "'x'", "(2, 3)"],
    ),
    "index": (
        lambda: named((2, 3), "x")[2],
        ag.IndexingError,
        ["getitem", "'x'", "(2, 3)", "index 2"],
    ),
    "too many indices": (
        lambda: named((2, 3), "x")[0, 0, 0],
        ag.IndexingError,
        ["'x'", "(2, 3)", "too many indices"],
    ),
    "float index": (
        lambda: named(3, "x")[1.0],
        ag.IndexingError,
        ["'x'", "(3,)", "integers"],
    ),
    "mask of another length": (
        lambda: named(3, "x")[np.array([True, False])],
        ag.IndexingError,
        ["'x'", "(3,)", "boolean"],
    ),
    "index_update": (
        lambda: ag.index_update(named(3, "x"), 0, np.ones(2)),
        ag.ShapeError,
        ["index_update", "'x'", "(3,)", "(2,)"],
    ),
    # ------------------------------------------------------------ types
    "text array": (
        lambda: named(2, "x") * np.array(["a", "b"]),
        ag.DTypeError,
        ["multiply", "'x'", "(2,)", "<U1"],
    ),
    "object": (
        lambda: named(2, "x") * object(),
        ag.DTypeError,
        ["multiply", "'x'", "object"],
    ),
    "date": (
        lambda: named(2, "x") + np.datetime64("2020-01-01"),
        ag.DTypeError,
        ["add", "'x'", "2020-01-01"],
    ),
    # ------------------------------------------------------------ labels
    "labels out of range": (
        lambda: ag.softmax_cross_entropy(named((3, 4), "logits"), np.array([0, 4, 1])),
        ag.ShapeError,
        ["softmax_cross_entropy", "label 4", "row 1", "0..3", "4 classes"],
    ),
    "negative labels": (
        lambda: ag.softmax_cross_entropy(named((2, 4), "logits"), np.array([0, -1])),
        ag.ShapeError,
        ["label -1", "row 1", "0..3"],
    ),
    "labels of floats": (
        lambda: ag.softmax_cross_entropy(named((2, 4), "logits"), np.array([0.0, 1.0])),
        ag.DTypeError,
        ["softmax_cross_entropy", "labels", "integers", "float64", "astype(int)"],
    ),
    "labels of another length": (
        lambda: ag.softmax_cross_entropy(named((2, 4), "z"), np.array([0, 1, 2])),
        ag.ShapeError,
        ["softmax_cross_entropy", "(2, 4)", "(3,)", "(examples, classes)", "'z'"],
    ),
    "empty batch": (
        lambda: ag.softmax_cross_entropy(named((0, 4), "z"), np.array([], int)),
        ag.ShapeError,
        ["softmax_cross_entropy", "empty"],
    ),
    # ------------------------------------------------------------ comparison
    "comparison": (
        lambda: named((2, 3), "x") < np.ones(2),
        ag.ShapeError,
        ["lt", "'x'", "(2, 3)", "(2,)", "broadcast"],
    ),
    "equality": (
        lambda: named((2, 3), "x") == np.ones(2),
        ag.ShapeError,
        ["eq", "'x'", "(2, 3)", "(2,)", "broadcast"],
    ),
}


@pytest.mark.parametrize(("call", "kind", "words"), MISTAKES.values(), ids=MISTAKES)
def test_a_mistake_is_explained(call, kind, words):
    with pytest.raises(kind) as caught:
        call()
    message = str(caught.value)
    missing = [word for word in words if word not in message]
    assert not missing, f"{missing} not in: {message}"
    assert isinstance(caught.value, ag.AutogradError)
    assert "_door" not in message
    assert "lambda" not in message


def test_an_unknown_argument_of_a_method_is_named():
    with pytest.raises(ag.AutogradError, match=r"sum.*'?bogus'?"):
        Tensor([1.0, 2.0]).sum(bogus=1)


def test_the_first_words_are_the_operation():
    with pytest.raises(ag.ShapeError) as caught:
        np.sum(Tensor(np.ones((2, 3))), axis=5)
    assert str(caught.value).startswith("sum: axis 5")


def test_many_operands_are_listed_up_to_a_limit():
    tensors = [Tensor(np.ones(k), name=f"t{k}") for k in range(1, 31)]
    with pytest.raises(ag.ShapeError) as caught:
        np.stack(tensors)
    message = str(caught.value)
    assert "'t8'" in message
    assert "'t9'" not in message
    assert "30 in all" in message


def test_numpys_own_words_stay():
    with pytest.raises(
        ag.ShapeError, match=r"NumPy says: operands could not be broadcast"
    ) as caught:
        Tensor(np.ones(2)) + np.ones(3)
    assert isinstance(caught.value.__cause__, ValueError)


def test_what_is_no_mistake_of_shape_or_type_passes_as_it_is():
    with np.errstate(all="raise"), pytest.raises(FloatingPointError, match="divide by zero"):
        np.log(Tensor([0.0, 1.0]))
    with pytest.raises(RuntimeWarning, match="invalid value"):
        np.sqrt(Tensor(-1.0))


# ---------------------------------------------------------------- how operands are described


@pytest.mark.parametrize(
    ("operand", "name", "text"),
    [
        (Tensor(np.ones((2, 3)), name="w"), "x", "'w': Tensor of shape (2, 3), float64"),
        (Tensor([1, 2]), "x", "x: Tensor of shape (2,), int64"),
        (np.ones((2, 3), "f4"), "y", "y: array of shape (2, 3), float32"),
        (2.5, "y", "y: the number 2.5"),
        (np.float32(2), None, "the number 2.0"),
        (None, "bias", "bias: None"),
        ([1, Tensor([1.0])], None, "[the number 1; Tensor of shape (1,), float64]"),
        (list(range(100)), "x", "x: list"),
        ({}, "x", "x: dict"),
    ],
)
def test_description_of_an_operand(operand, name, text):
    assert errors.describe(operand, name) == text


def test_messages_are_of_bounded_length():
    huge = Tensor(np.ones((50, 50)), name="w")
    for call in (lambda: huge + np.ones(3), lambda: huge @ np.ones(3), lambda: huge[99]):
        with pytest.raises(ag.AutogradError) as caught:
            call()
        assert len(str(caught.value)) < 600
        assert not re.search(r"1\. 1\. 1\.", str(caught.value))
