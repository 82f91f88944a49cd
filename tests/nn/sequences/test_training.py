"""Layers for sequences trained on what they are meant for, to a stated number."""

import codecs
import contextlib
import importlib
import io

import numpy as np
import pytest

import nn


def copy_task(rng, batch, kinds=8, symbols=1, delay=40):
    """Symbols, then blanks, then a sign to say them again; what is to be said."""
    wanted = rng.integers(0, kinds, (batch, symbols))
    steps = np.full((batch, symbols + delay + symbols), kinds)
    steps[:, :symbols] = wanted
    steps[:, -symbols:] = kinds + 1
    return np.eye(kinds + 2, dtype=np.float32)[steps], wanted


@pytest.mark.slow
def test_an_lstm_says_a_symbol_again_after_forty_steps():
    rng = np.random.default_rng(0)
    lstm, head = nn.LSTM(10, 64, rng=rng), nn.Linear(64, 8, rng=rng)
    lstm.bias_ih_l0.data[64:128] = 4.0  # what is in a cell stays there, to begin with
    parameters = [*lstm.parameters(), *head.parameters()]
    optimizer = nn.Adam(parameters, lr=0.01)

    def scores(x):
        out, _ = lstm(x)
        return head(out[:, -1:])

    for _ in range(800):
        x, wanted = copy_task(rng, 32)
        loss = nn.cross_entropy(scores(x).reshape(-1, 8), wanted.reshape(-1))
        optimizer.zero_grad()
        loss.backward()
        nn.clip_gradient_norm(parameters, 1.0)
        optimizer.step()
    x, wanted = copy_task(np.random.default_rng(1), 1000)
    accuracy = np.mean(np.argmax(scores(x).data, axis=2) == wanted)
    assert accuracy > 0.99, accuracy


def the_zen_of_python():
    """The text of the module `this`, which prints it when it is imported."""
    with contextlib.redirect_stdout(io.StringIO()):
        return codecs.decode(importlib.import_module("this").s, "rot13")


@pytest.mark.slow
def test_a_transformer_learns_the_zen_of_python():
    text = the_zen_of_python()
    characters = sorted(set(text))
    codes = np.array([characters.index(c) for c in text])
    rng = np.random.default_rng(0)
    width, context = 64, 32
    model = nn.Sequential(
        nn.Embedding(len(characters), width, scale=0.1, rng=rng),
        nn.LearnedPositions(context, width, rng=rng),
        CausalEncoder(width, rng),
        nn.Linear(width, len(characters), rng=rng),
    )
    optimizer = nn.AdamW(model.parameters(), lr=0.003, weight_decay=0.01)

    def perplexity_of(starts):
        windows = codes[starts[:, None] + np.arange(context + 1)]
        scores = model(windows[:, :-1]).reshape(-1, len(characters))
        return nn.cross_entropy(scores, windows[:, 1:].reshape(-1))

    places = len(codes) - context
    first = np.exp(perplexity_of(np.arange(places)).item())
    for _ in range(300):
        loss = perplexity_of(rng.integers(0, places, 32))
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
    last = np.exp(perplexity_of(np.arange(places)).item())
    assert first > 30
    assert last < 1.5, last


class CausalEncoder(nn.Module):
    """Two layers in which each character sees those before it."""

    def __init__(self, width, rng):
        self.stack = nn.TransformerEncoder(
            lambda: nn.TransformerEncoderLayer(
                width, 4, 4 * width, dropout=0.0, norm_first=True, rng=rng
            ),
            2,
            nn.LayerNorm(width),
        )

    def forward(self, x):
        return self.stack(x, is_causal=True)
