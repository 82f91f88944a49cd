"""docs/interop.md says of each of scikit-learn's parameters whether it exists here."""

import inspect
import re
from pathlib import Path

import numpy as np
import pytest

pytest.importorskip("sklearn")

import sklearn.neural_network as sklearn_networks

import nn.sklearn

PAGE = Path(__file__).resolve().parents[3] / "docs" / "interop.md"
KINDS = ["MLPClassifier", "MLPRegressor"]
SINCE = {"loss": "1.7"}  # what older scikit-learns do not have, and the page has


def _said() -> dict[str, bool]:
    """Parameters in the page's table, and whether the page says that they exist."""
    said = {}
    for row in PAGE.read_text("utf-8").splitlines():
        cells = [cell.strip() for cell in row.strip("|").split(" | ")]
        if row.startswith("| `") and len(cells) == 2:
            for name in re.findall(r"`([a-z_0-9]+)`", cells[0].split("(")[0]):
                said[name] = not cells[1].startswith("none")
    return said


def _parameters(module, kind):
    return inspect.signature(getattr(module, kind)).parameters


@pytest.mark.parametrize("kind", KINDS)
def test_every_parameter_is_listed_as_what_it_is(kind):
    theirs, ours = _parameters(sklearn_networks, kind), _parameters(nn.sklearn, kind)
    said = _said()
    assert set(theirs) <= set(said)
    assert {name for name in theirs if said[name]} == set(ours)
    for name in ours:
        assert ours[name].default == theirs[name].default, name


def test_nothing_is_listed_that_scikit_learn_does_not_have():
    theirs = {name for kind in KINDS for name in _parameters(sklearn_networks, kind)}
    assert set(_said()) - set(SINCE) <= theirs


@pytest.mark.parametrize("kind", KINDS)
def test_every_method_exists(kind):
    theirs, ours = getattr(sklearn_networks, kind), getattr(nn.sklearn, kind)
    public = {name for name in dir(theirs) if not name.startswith("_")}
    assert {"fit", "partial_fit", "predict", "score"} <= public <= set(dir(ours))


def test_alpha_is_scikit_learns(rng):
    """Over the rows of a batch, and without the biases: steps of both from the same weights."""
    x = rng.standard_normal((50, 3))
    y = x @ [1.0, 2.0, 3.0] + 1.0
    settings = {"hidden_layer_sizes": (4,), "activation": "logistic", "solver": "sgd"}
    settings |= {"learning_rate_init": 0.1, "random_state": 0, "shuffle": False, "alpha": 0.5}
    settings |= {"batch_size": 20}  # the last one has 10 rows
    theirs = sklearn_networks.MLPRegressor(nesterovs_momentum=False, **settings).partial_fit(x, y)
    ours = nn.sklearn.MLPRegressor(**settings).partial_fit(x, y)
    layers = [ours.model_[0], ours.model_[2]]
    for layer, weight, bias in zip(layers, theirs.coefs_, theirs.intercepts_, strict=True):
        layer.weight.data[...], layer.bias.data[...] = weight.T, bias
    before = [weight.copy() for weight in theirs.coefs_]
    for velocity in theirs._optimizer.velocities:
        velocity[...] = 0
    ours._trainer.optimizer = nn.SGD(ours.model_.parameters(), 0.1, momentum=0.9)
    theirs.partial_fit(x, y)
    ours.partial_fit(x, y)
    for layer, weight, bias, old in zip(
        layers, theirs.coefs_, theirs.intercepts_, before, strict=True
    ):
        assert np.abs(weight - old).max() > 1e-3
        np.testing.assert_allclose(layer.weight.data, weight.T, atol=1e-14)
        np.testing.assert_allclose(layer.bias.data, bias, atol=1e-14)
