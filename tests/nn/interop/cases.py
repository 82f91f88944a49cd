"""Architectures that exist here and in PyTorch, each said once in both: `layers` is either `nn`.

PyTorch's recurrent layers put the steps first unless told; ours the batch. `inputs` are what the
recorded outputs belong to.
"""

import numpy as np


def mlp(layers):
    return layers.Sequential(
        layers.Linear(3, 5), layers.Tanh(), layers.Linear(5, 4, bias=False), layers.PReLU(4)
    )


def images(layers):
    return layers.Sequential(
        layers.Conv2d(2, 4, (3, 2), padding=1, groups=2),
        layers.BatchNorm2d(4),
        layers.ReLU(),
        layers.MaxPool2d(2),
        layers.ConvTranspose2d(4, 3, 2, stride=2),
        layers.GroupNorm(3, 3),
        layers.Flatten(),
        layers.Linear(108, 2),
    )


def sequences(layers):
    return layers.Sequential(
        layers.Conv1d(2, 4, 3, dilation=2),
        layers.BatchNorm1d(4, affine=False),
        layers.ConvTranspose1d(4, 2, 3),
        layers.LayerNorm(8),
    )


def rnn(layers):
    return layers.RNN(3, 4, nonlinearity="relu", batch_first=True)


def lstm(layers):
    return layers.LSTM(3, 4, num_layers=2, bidirectional=True, batch_first=True)


def gru(layers):
    return layers.GRU(3, 4, bias=False, batch_first=True)


def embedding(layers):
    return layers.Embedding(6, 4)


def transformer(layers):
    first = {"batch_first": True} if layers.__name__ == "torch.nn" else {}
    return layers.TransformerEncoderLayer(4, 2, 8, **first)


CASES = {
    "mlp": (mlp, (2, 3)),
    "images": (images, (2, 2, 6, 5)),
    "sequences": (sequences, (2, 2, 10)),
    "rnn": (rnn, (2, 5, 3)),
    "lstm": (lstm, (2, 5, 3)),
    "gru": (gru, (2, 5, 3)),
    "embedding": (embedding, (2, 5)),
    "transformer": (transformer, (2, 5, 4)),
}


def inputs(name, seed=0):
    """An input for the case; of the embedding, whole numbers."""
    rng, shape = np.random.default_rng(seed), CASES[name][1]
    if name == "embedding":
        return rng.integers(0, 6, shape)
    return rng.standard_normal(shape).astype(np.float32)
