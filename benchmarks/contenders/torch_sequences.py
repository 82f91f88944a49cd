"""PyTorch, eager, on sequences."""

from __future__ import annotations

from typing import Any

import torch

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
    def __init__(self, model: torch.nn.Module, rate: float, data: tuple[Array, Array]) -> None:
        self.model = model
        start = make_start({name: tuple(p.shape) for name, p in model.named_parameters()})
        with torch.no_grad():
            for name, parameter in model.named_parameters():
                parameter.copy_(torch.from_numpy(start[name]))
        self.optimizer = torch.optim.SGD(model.parameters(), lr=rate)
        self.x, self.target = map(torch.from_numpy, data)

    def double(self) -> None:
        """Compute in float64 from here on, for reference."""
        self.model.double()
        if self.x.is_floating_point():
            self.x, self.target = self.x.double(), self.target.double()

    def compute_loss(self) -> Any:
        raise NotImplementedError

    def step(self) -> None:
        self.loss = self.compute_loss()
        self.optimizer.zero_grad()
        self.loss.backward()
        self.optimizer.step()

    def results(self) -> list[Array]:
        parameters = {name: p.detach().numpy() for name, p in self.model.named_parameters()}
        return results(self.loss.item(), parameters)


class _Lstm(_Training):
    def compute_loss(self) -> Any:
        out, _ = self.model(self.x)
        return torch.nn.functional.mse_loss(out, self.target)


class _Positions(torch.nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.weight = torch.nn.Parameter(torch.zeros(STEPS, WIDTH))

    def forward(self, x: Any) -> Any:
        return x + self.weight


class _Characters(torch.nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.embedding = torch.nn.Embedding(CHARACTERS, WIDTH)
        self.positions = _Positions()
        layer = torch.nn.TransformerEncoderLayer(
            WIDTH, HEADS, 4 * WIDTH, dropout=0.0, norm_first=True, batch_first=True
        )
        self.encoder = torch.nn.TransformerEncoder(
            layer, LAYERS, torch.nn.LayerNorm(WIDTH), enable_nested_tensor=False
        )
        self.head = torch.nn.Linear(WIDTH, CHARACTERS)
        self.mask = torch.nn.Transformer.generate_square_subsequent_mask(STEPS)

    def forward(self, x: Any) -> Any:
        hidden = self.positions(self.embedding(x))
        mask = self.mask.to(hidden.dtype)
        return self.head(self.encoder(hidden, mask=mask, is_causal=True))


class _Transformer(_Training):
    def compute_loss(self) -> Any:
        scores = self.model(self.x).reshape(-1, CHARACTERS)
        return torch.nn.functional.cross_entropy(scores, self.target.reshape(-1))


def build(workload: Workload) -> Job:
    """Set up the model and its optimiser."""
    if workload.kind == "lstm":
        lstm = torch.nn.LSTM(WIDTH, WIDTH, batch_first=True)
        return _Lstm(lstm, LSTM_RATE, make_lstm_data(workload.size))
    return _Transformer(_Characters(), TRANSFORMER_RATE, make_characters(workload.size))
