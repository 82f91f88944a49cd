"""Sizes of layers that are known before they are made."""

import tracemalloc

import pytest

import nn
from nn.architecture import build, describe, layer_classes
from nn.array_sizes import LARGEST
from tests.nn.test_architecture import LAYERS


def sizes(layer):
    return [array.size for array in layer.state_dict().values()]


@pytest.mark.parametrize("name", [name for name in LAYERS if name not in ("MLP", "Sequential")])
def test_the_size_is_that_of_the_layer(name):
    layer = LAYERS[name]()
    shapes = {key: array.shape for key, array in layer.state_dict().items()}
    assert repr(build(describe(layer), shapes=shapes)) == repr(layer)
    arguments = describe(layer)["model"]["arguments"]
    arguments = {k: tuple(v) if isinstance(v, list) else v for k, v in arguments.items()}
    if name in LARGEST and sizes(layer):
        assert LARGEST[name](arguments) == max(sizes(layer))
    elif "'class'" not in str(arguments):  # what is in it has the weights
        assert not sizes(layer), f"{name} has weights and no size"


def test_every_layer_with_weights_is_there():
    assert layer_classes().keys() >= LARGEST.keys()


@pytest.mark.parametrize(
    ("layer", "change"),
    [
        (nn.Linear(3, 2), {"out_features": 10**9}),
        (nn.Conv2d(1, 2, 3), {"kernel_size": [10**5, 10**5]}),
        (nn.Conv2d(1, 2, 3), {"out_channels": 10**9}),
        (nn.Embedding(5, 3), {"num_embeddings": 10**9}),
        (nn.LSTM(2, 3), {"hidden_size": 10**5}),
        (nn.LSTM(2, 3), {"num_layers": 10**9}),
        (nn.LayerNorm(3), {"normalized_shape": [10**5, 10**5]}),
        (nn.BatchNorm1d(3, affine=False), {"num_features": 10**9}),
        (nn.MultiHeadAttention(4, 2), {"embed_dim": 10**6}),
        (nn.SinusoidalPositions(5, 4), {"max_length": 10**9}),
        (nn.TransformerEncoderLayer(4, 2, 8), {"dim_feedforward": 10**9}),
    ],
)
def test_what_is_larger_than_the_weights_is_refused_before_it_is_made(layer, change):
    description = describe(layer)
    description["model"]["arguments"] |= change
    shapes = {key: array.shape for key, array in layer.state_dict().items()}
    tracemalloc.start()
    try:
        with pytest.raises(nn.StateDictError, match=r"has an array of|layers, and the file"):
            build(description, shapes=shapes)
        assert tracemalloc.get_traced_memory()[1] < 2**20
    finally:
        tracemalloc.stop()


def test_an_argument_that_is_missing_is_named():
    with pytest.raises(nn.FileFormatError, match=r"missing 1 required positional .*'out_features'"):
        build(
            {
                "model": {"class": "Linear", "arguments": {"in_features": 3}},
                "tied": [],
                "frozen": [],
            },
            shapes={"weight": (2, 3)},
        )
