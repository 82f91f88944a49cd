"""autograd-core and nn on sequences."""

from __future__ import annotations

from typing import Any

import nn
from benchmarks.contenders import Job
from benchmarks.sequences import (
    CHARACTERS,
    HEADS,
    LAYERS,
    LSTM_RATE,
    STEPS,
    TRANSFORMER_RATE,
    WIDTH,
    make_characters,
    make_lstm_data,
    make_start,
    results,
)
from benchmarks.workloads import Array, Workload


class _Training:
    def __init__(self, model: nn.Module, rate: float, data: tuple[Array, Array]) -> None:
        self.model = model
        parameters = dict(model.named_parameters())
        model.load_state_dict(make_start({name: p.shape for name, p in parameters.items()}))
        self.optimizer = nn.SGD(model.parameters(), lr=rate)
        self.x, self.target = data

    def compute_loss(self) -> Any:
        raise NotImplementedError

    def step(self) -> None:
        self.loss = self.compute_loss()
        self.optimizer.zero_grad()
        self.loss.backward()
        self.optimizer.step()

    def results(self) -> list[Array]:
        return results(self.loss.item(), self.model.state_dict())


class _Lstm(_Training):
    def compute_loss(self) -> Any:
        out, _ = self.model(self.x)
        return nn.mse_loss(out, self.target)


class Characters(nn.Module):
    """A transformer that predicts the next character."""

    def __init__(self) -> None:
        self.embedding = nn.Embedding(CHARACTERS, WIDTH)
        self.positions = nn.LearnedPositions(STEPS, WIDTH)
        self.encoder = nn.TransformerEncoder(
            lambda: nn.TransformerEncoderLayer(
                WIDTH, HEADS, 4 * WIDTH, dropout=0.0, norm_first=True
            ),
            LAYERS,
            nn.LayerNorm(WIDTH),
        )
        self.head = nn.Linear(WIDTH, CHARACTERS)

    def forward(self, x: Any) -> Any:
        """Scores of the next character at every place."""
        return self.head(self.encoder(self.positions(self.embedding(x)), is_causal=True))


class _Transformer(_Training):
    def compute_loss(self) -> Any:
        scores = self.model(self.x).reshape(-1, CHARACTERS)
        return nn.cross_entropy(scores, self.target.reshape(-1))


def build(workload: Workload) -> Job:
    """Set up the model and its optimiser."""
    if workload.kind == "lstm":
        return _Lstm(nn.LSTM(WIDTH, WIDTH), LSTM_RATE, make_lstm_data(workload.size))
    return _Transformer(Characters(), TRANSFORMER_RATE, make_characters(workload.size))
