"""Make the pictures that README.md and the pages here show: ``python docs/pictures.py``."""

from pathlib import Path

import numpy as np

import autograd_core as ag
import nn
from autograd_core import Tensor
from autograd_core.visualize.picture import Drawing

HERE = Path(__file__).parent


def neuron() -> Tensor:
    """One neuron with two inputs, and the square of how far it is from its target."""
    x1, x2 = Tensor(2.0, name="x1"), Tensor(-1.0, name="x2")
    w1, w2 = Tensor(0.5, name="w1"), Tensor(1.5, name="w2")
    b = Tensor(0.25, name="b")
    return (np.tanh(x1 * w1 + x2 * w2 + b) - 1) ** 2


def growth() -> Tensor:
    """A loop of 200 steps: savings that earn interest and are paid into."""
    paid, savings = Tensor(1.0, name="paid"), Tensor(0.5, name="savings")
    for _ in range(200):
        savings = savings * 1.01 + paid
    return savings


def network() -> Drawing:
    """A network of two layers and its loss on three samples."""
    model = nn.MLP(2, [3], 1, activation="tanh", rng=np.random.default_rng(0))
    inputs = np.array([[0.0, 1.0], [1.0, 0.0], [1.0, 1.0]], np.float32)
    loss = ((model(inputs) - 1.0) ** 2).mean()
    return ag.draw(loss, module=model)


def example() -> nn.NetworkDrawing:
    """A small network on one example, with what its loss wants to change."""
    model = nn.MLP(2, [4, 3], 2, activation="tanh", rng=np.random.default_rng(3))
    return nn.draw_network(model, [0.8, -0.4], 1)


def training() -> tuple[nn.Module, tuple[np.ndarray, np.ndarray], nn.Film]:
    """A network that learns which quadrants, filmed."""
    rng = np.random.default_rng(0)
    inputs = rng.standard_normal((120, 2)).astype(np.float32)
    data = inputs, (inputs[:, 0] * inputs[:, 1] > 0).astype(int)
    model = nn.MLP(2, [8], 2, activation="tanh", rng=rng)
    film = nn.film(model, data, every=4, title="Which quadrants?")
    optimizer = nn.Adam(model.parameters(), lr=0.05)
    for _ in range(48):
        loss = nn.cross_entropy(model(data[0]), data[1])
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        film.take(loss=loss)
    return model, data, film


if __name__ == "__main__":
    ag.draw(neuron()).save(HERE / "neuron.svg")
    ag.draw(neuron(), flow=True).save(HERE / "neuron_flow.svg")
    ag.draw(growth()).save(HERE / "loop.svg")
    network().save(HERE / "network.svg")
    example().save(HERE / "network_view.svg")
