"""Make the pictures that README.md shows: ``python docs/pictures.py``."""

from pathlib import Path

import numpy as np

import autograd_core as ag
from autograd_core import Tensor

HERE = Path(__file__).parent


def neuron() -> Tensor:
    """One neuron with two inputs, and the square of how far it is from its target."""
    x1, x2 = Tensor(2.0, name="x1"), Tensor(-1.0, name="x2")
    w1, w2 = Tensor(0.5, name="w1"), Tensor(1.5, name="w2")
    b = Tensor(0.25, name="b")
    return (np.tanh(x1 * w1 + x2 * w2 + b) - 1) ** 2


if __name__ == "__main__":
    ag.draw(neuron()).save(HERE / "neuron.svg")
