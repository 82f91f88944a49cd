"""Activations and special functions as PyTorch has them, recorded by record_torch_special.py."""

import json
from pathlib import Path

import numpy as np
import pytest

import autograd_core as ag
from autograd_core import Tensor
from tests.autograd_core.checking import pull
from tests.autograd_core.primitives.test_torch_values import weights

RECORDED = json.loads(Path(__file__).with_name("torch_special_values.json").read_text())
VERSION = RECORDED.pop("torch")

HERE = {
    "log_sigmoid": ag.log_sigmoid,
    "leaky_relu": lambda x: ag.leaky_relu(x, 0.2),
    "elu": ag.elu,
    "elu of alpha": lambda x: ag.elu(x, 0.3),
    "celu": lambda x: ag.celu(x, 0.5),
    "selu": ag.selu,
    "gelu": ag.gelu,
    "gelu by tanh": lambda x: ag.gelu(x, approximate="tanh"),
    "silu": ag.silu,
    "mish": ag.mish,
    "softsign": ag.softsign,
    "hardtanh": lambda x: ag.hardtanh(x, -1.0, 3.0),
    "hardsigmoid": ag.hardsigmoid,
    "erf": ag.erf,
    "erfinv": ag.erfinv,
    "gammaln": ag.gammaln,
    "digamma": ag.digamma,
    "polygamma": lambda x: ag.polygamma(2, x),
    "i0": ag.i0,
    "i1": ag.i1,
    "xlogy": ag.xlogy,
    "xlog1py": ag.xlog1py,
    "logit": ag.logit,
    "entr": ag.entr,
    "ndtr": ag.ndtr,
    "logcumsumexp": ag.logcumsumexp,
    "logcumsumexp of axis 0": lambda x: ag.logcumsumexp(x, 0),
    "cummax with ties": ag.cummax,
    "cummin with ties": lambda x: ag.cummin(x, 1),
    "topk": lambda x: ag.topk(x, 2).values,
    "topk of the smallest": lambda x: ag.topk(x, 3, 1, largest=False).values,
    "cdist": ag.cdist,
    "elu at its kink": lambda x: ag.elu(x, 0.3),
    "celu at its kink": lambda x: ag.celu(x, 0.5),
    "selu at its kink": ag.selu,
    "i1 at zero": ag.i1,
    "xlogy at zero": ag.xlogy,
    "cdist of p=1": lambda x, y: ag.cdist(x, y, 1.0),
    "cdist of p=3": lambda x, y: ag.cdist(x, y, 3.0),
    "cdist of the largest": lambda x, y: ag.cdist(x, y, np.inf),
    "cdist of equal points": ag.cdist,
}

# PyTorch's own error: its trigamma has 9 digits, its 1/6 is one of float32.
ROUGH = {"gammaln": 1e-8, "digamma": 1e-8, "hardsigmoid": 1e-7}


def test_what_is_recorded_is_what_is_checked():
    assert VERSION.startswith("2.")
    assert HERE.keys() == RECORDED.keys()


@pytest.mark.parametrize("name", HERE)
def test_value_and_derivatives_are_pytorchs(name):
    entry, tolerance = RECORDED[name], ROUGH.get(name, 1e-10)

    def close(found, expected):
        np.testing.assert_allclose(found, expected, rtol=tolerance, atol=1e-13)

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
