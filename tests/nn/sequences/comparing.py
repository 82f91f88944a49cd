"""Our side of the comparison with PyTorch: gradients by name, and what was recorded."""

from functools import cache
from pathlib import Path

import numpy as np

from tests.nn.sequences.cases import numbers


@cache
def everything():
    with np.load(Path(__file__).with_name("values.npz")) as file:
        return dict(file)


def recorded(case):
    """What PyTorch gave."""
    found = [key.split(" | ") for key in everything()]
    return {key: everything()[f"{name} | {key}"] for name, key in found if name == case.name}


def results(layer, outputs, leaves):
    """Outputs, and the gradients of their inner product with fixed numbers, as plain arrays."""
    total = 0
    for i, out in enumerate(outputs.values()):
        total = total + np.sum(out * numbers(out.shape, 50 + i))
    total.backward()
    found = {name: out.data for name, out in outputs.items()}
    found |= {f"d {name}": leaf.grad for name, leaf in leaves.items()}
    return found | {f"d {name}": p.grad for name, p in layer.named_parameters()}


def compare(found, expected):
    assert found.keys() == expected.keys()
    for key, array in expected.items():
        assert found[key].shape == array.shape, key
        np.testing.assert_allclose(found[key], array, rtol=1e-9, atol=1e-11, err_msg=key)
