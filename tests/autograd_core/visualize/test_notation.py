"""How an operation reads, for every primitive of the registry."""

import numpy as np
import pytest

import autograd_core as ag
from autograd_core.primitive import REGISTRY
from autograd_core.visualize import read
from autograd_core.visualize.notation import describe_keywords, describe_operation

x = ag.Tensor(np.ones((3, 4)), name="x")
y = ag.Tensor(np.ones((3, 4)), name="y")


@pytest.mark.parametrize(
    ("tensor", "text"),
    [
        (lambda: x + y, "x + y"),
        (lambda: x - 3.0, "x − 3"),
        (lambda: x * -3.0, "x × (-3)"),
        (lambda: 2.0 / x, "2 ÷ x"),
        (lambda: x**2, "x ^ 2"),
        (lambda: -x, "−x"),
        (lambda: abs(x), "|x|"),
        (lambda: np.square(x), "x²"),
        (lambda: np.sqrt(x), "√x"),
        (lambda: x.T, "xᵀ"),
        (lambda: np.swapaxes(x, 0, 1), "swapaxes(x, 0, 1)"),
        (lambda: np.transpose(x, (0, 1)), "transpose(x, (0, 1))"),
        (lambda: x.reshape(3, 2, 2).T, "v1ᵀ"),
        (lambda: x.reshape(3, 2, 2).transpose(1, 2, 0), "transpose(v1, (1, 2, 0))"),
        (lambda: np.tanh(x), "tanh(x)"),
        (lambda: x @ y.data.T, "x @ array(4, 3)"),
        (x.sum, "Σ(x)"),
        (lambda: x.sum(axis=0), "Σ(x, axis=(0,))"),
        (lambda: x.mean(axis=1, keepdims=True), "mean(x, axis=(1,), keepdims=True)"),
        (lambda: x[1:, ::2], "x[1:, ::2]"),
        (lambda: x[..., None], "x[..., None]"),
        (lambda: x[[0, 2]], "x[[0, 2]]"),
        (lambda: x[np.arange(3) > 0], "x[[False, True, True]]"),
        (lambda: x[np.zeros(100, int)], "x[(100,) int64]"),
        (lambda: x.reshape(2, 6), "reshape(x, shape=(2, 6))"),
        (lambda: np.concatenate([x, y]), "concat(x, y, axis=0)"),
        (lambda: np.concatenate([x] * 9), "concat(x, x, x, x, … 5 more, axis=0)"),
        (lambda: np.split(x, 2, axis=1)[1], "v1[1]"),
        (lambda: np.maximum(x, 0.0), "max(x, 0)"),
        (lambda: x.astype(np.float32), "astype(x, dtype=float32)"),
        (lambda: ag.squared_error(x, y), "mean (x−y)²"),
    ],
)
def test_expressions(tensor, text):
    assert read(tensor()).vertices[-1].expression == text


def test_every_primitive_reads_as_something_short():
    for primitive in REGISTRY.values():
        text = describe_operation(primitive.symbol, primitive.operand_names)
        assert 0 < len(text) < 60
        assert text.isprintable()


def test_keywords_of_any_kind_are_short():
    keywords = {"a": object(), "b": "x" * 1000, "c": (1, "two", np.arange(9)), "d": 1.5}
    for text in describe_keywords(keywords):
        assert len(text) < 40
    assert describe_keywords(None) == []
