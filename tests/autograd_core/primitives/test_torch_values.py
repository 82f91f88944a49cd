"""Values and derivatives of two orders as PyTorch computes them, recorded by record_torch.py."""

import json
from pathlib import Path

import numpy as np
import pytest

import autograd_core as ag
from autograd_core import Tensor
from tests.autograd_core.checking import pull

RECORDED = json.loads(Path(__file__).with_name("torch_values.json").read_text())
VERSION, LABELS = RECORDED.pop("torch"), np.array(RECORDED.pop("labels"))
TOLERANCE = 1e-13  # of what is recorded in float64; 1e-12 where a difference of large terms counts

HERE = {
    "softmax": lambda x: ag.softmax(x, -1),
    "softmax of axis 0": lambda x: ag.softmax(x, 0),
    "softmax of huge": lambda x: ag.softmax(x, -1),
    "log_softmax": lambda x: ag.log_softmax(x, -1),
    "log_softmax of huge": lambda x: ag.log_softmax(x, -1),
    "logsumexp": lambda x: ag.logsumexp(x, -1),
    "logsumexp of huge": ag.logsumexp,
    "logsumexp of an infinity": ag.logsumexp,
    "cross-entropy": lambda x: ag.softmax_cross_entropy(x, LABELS),
    "cross-entropy of huge": lambda x: ag.softmax_cross_entropy(x, LABELS),
    "softplus": ag.softplus,
    "sigmoid": ag.sigmoid,
    "relu": ag.relu,
    "abs": np.abs,
    "var": lambda x: np.var(x, 1, ddof=1),
    "std": lambda x: np.std(x, 1),
    "std of equals": np.std,
    "prod": lambda x: np.prod(x, 1),
    "prod with zeros": lambda x: np.prod(x, 1),
    "power": np.power,
    "max with ties": lambda x: np.max(x, 1),
    "maximum with ties": np.maximum,
    "clip at its bounds": lambda x: np.clip(x, -1.0, 1.0),
    "clip with crossed bounds": np.clip,
    "power at zero": np.power,
    "arctan2 at the origin": np.arctan2,
}


def weights(shape):
    """The cotangents of record_torch.py."""
    return np.cos(np.arange(1, int(np.prod(shape)) + 1) * 1.7).reshape(shape)[()]


def test_what_is_recorded_is_what_is_checked():
    assert VERSION.startswith("2.")
    assert HERE.keys() == RECORDED.keys()


@pytest.mark.parametrize("name", HERE)
def test_value_and_derivatives_are_pytorchs(name):
    entry = RECORDED[name]
    operands = [Tensor(np.array(array, dtype=float)) for array in entry["operands"]]
    y = HERE[name](*operands)
    close(y.data, entry["value"])
    first = pull(HERE[name], operands, [weights(y.shape)], create_graph="second" in entry)
    for gradient, expected in zip(first, entry["first"], strict=True):
        close(gradient.data if isinstance(gradient, Tensor) else gradient, expected)
    if "second" in entry:
        for gradient in first:
            if isinstance(gradient, Tensor) and gradient.requires_grad:
                gradient.backward(weights(gradient.shape), retain_graph=True)
        for operand, expected in zip(operands, entry["second"], strict=True):
            close(np.zeros(operand.shape) if operand.grad is None else operand.grad, expected)


def close(found, expected):
    np.testing.assert_allclose(found, expected, rtol=1e-12, atol=TOLERANCE)
