"""Convolution, pooling and normalisation layers give PyTorch's values, gradients and statistics.

The numbers were recorded (`references/make_layers.py` says how); where torch is installed, the
same comparison is made live.
"""

from pathlib import Path

import numpy as np
import pytest

import nn
from autograd_core import Tensor
from tests.nn.references.layer_cases import CASES, EARLIER, numbers, parameter_values

RECORDED = Path(__file__).parent / "references" / "layers.npz"


def evaluate(case):
    kind = getattr(nn, case.layer)
    parametric = isinstance(kind.__init__.__kwdefaults__, dict) and (
        "dtype" in kind.__init__.__kwdefaults__
    )
    layer = kind(*case.arguments, **case.options, **({"dtype": float} if parametric else {}))
    parameters = dict(layer.named_parameters())
    values = parameter_values({name: p.shape for name, p in parameters.items()})
    layer.load_state_dict(values, strict=False)
    for seed in range(EARLIER):
        layer(numbers(case.shape, 100 + seed) * (seed + 1) + seed)
    layer.train(case.training)
    x = Tensor(numbers(case.shape, 1))
    out = layer(x)
    out.backward(numbers(out.shape, 2))
    found = {"out": out.data, "x": x.grad, **{name: p.grad for name, p in parameters.items()}}
    return found | {f"buffer {name}": array for name, array in layer.named_buffers()}


def compare(found, expected):
    assert found.keys() == expected.keys()
    for key, array in expected.items():
        assert found[key].shape == array.shape, key
        np.testing.assert_allclose(found[key], array, rtol=1e-10, atol=1e-12, err_msg=key)


@pytest.fixture(scope="module")
def recorded():
    with np.load(RECORDED) as file:
        return dict(file)


def test_what_is_recorded_are_these_cases(recorded):
    assert {key.split(" | ")[0] for key in recorded} == {case.name for case in CASES}


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_layer_gives_what_torch_gave(case, recorded):
    mine = [key for key in recorded if key.split(" | ")[0] == case.name]
    compare(evaluate(case), {key.split(" | ")[1]: recorded[key] for key in mine})


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
@pytest.mark.filterwarnings("ignore:Using padding='same'")
def test_layer_gives_what_torch_gives(case):
    pytest.importorskip("torch")
    theirs = pytest.importorskip("tests.nn.references.torch_layers")
    compare(evaluate(case), theirs.evaluate(case))
