"""Training for the estimators: mini-batches of weighted rows, and when to stop."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..data import Loader
from ..module import Module
from ..optim import Optimizer
from ..snapshot import Snapshot

Array = NDArray[Any]


@dataclass
class Rows:
    """Inputs, targets and how much each row counts."""

    x: Array
    targets: Array
    weights: Array

    def __getitem__(self, rows: Any) -> Rows:
        return Rows(self.x[rows], self.targets[rows], self.weights[rows])


@dataclass
class Progress:
    """What training has shown so far; kept from one `partial_fit` to the next."""

    losses: list[float] = field(default_factory=list)
    scores: list[float] = field(default_factory=list)


@dataclass
class Trainer:
    """A model being fitted; `loss` gives one number a row.

    Examples
    --------
    >>> import nn
    >>> model = nn.Linear(1, 1, dtype=float)
    >>> trainer = Trainer(
    ...     model,
    ...     nn.SGD(model.parameters(), lr=0.1),
    ...     lambda out, y: ((out - y) ** 2).sum(axis=1),
    ...     np.random.default_rng(0),
    ... )
    >>> x = np.array([[0.0], [1.0]])
    >>> for _ in range(200):
    ...     trainer.epoch(Rows(x, 2 * x, np.ones(2)), 2)
    >>> model(x).data.round(2)
    array([[0.],
           [2.]])
    """

    model: Module
    optimizer: Optimizer
    loss: Callable[[Any, Any], Any]
    rng: np.random.Generator
    shuffle: bool = True
    progress: Progress = field(default_factory=Progress)
    penalty: float = 0.0

    def epoch(self, rows: Rows, batch_size: int) -> None:
        """One pass over the rows; the weighted mean loss is noted."""
        loader = Loader(
            rows.x,
            rows.targets,
            rows.weights,
            batch_size=batch_size,
            shuffle=self.shuffle,
            rng=self.rng,
            dtype=rows.x.dtype,
        )
        total = weight = 0.0
        self.model.train()
        with np.errstate(over="ignore", invalid="ignore", divide="ignore"):
            for x, targets, weights in loader:
                counted = float(weights.sum())
                if counted == 0:
                    continue
                self.optimizer.zero_grad()
                loss = (self.loss(self.model(x), targets) * (weights / weights.sum())).sum()
                loss.backward()
                self._penalise(counted)
                self.optimizer.step()
                total += float(loss) * counted
                weight += counted
        self.model.eval()
        self.progress.losses.append(total / weight)

    def _penalise(self, rows: float) -> None:
        """Add the gradient of penalty/2 times the squared weights (no biases) over the rows."""
        for name, parameter in self.model.named_parameters():
            if self.penalty and parameter.grad is not None and not name.endswith("bias"):
                parameter.grad += (self.penalty / rows) * parameter.data

    def run(
        self,
        rows: Rows,
        batch_size: int,
        *,
        epochs: int,
        tol: float,
        patience: int,
        score: Callable[[], float] | None,
    ) -> bool:
        """Epochs until nothing gets better; False if they were too few for that.

        `score` judges after each epoch (larger is better), and the weights it liked best are kept;
        without it the training loss judges, and the last weights are kept.
        """
        best, since = -math.inf, 0
        kept = Snapshot(self.model)
        settled = False
        while not settled and epochs > 0:
            epochs -= 1
            self.epoch(rows, batch_size)
            if not math.isfinite(self.progress.losses[-1]):
                return True
            value = -self.progress.losses[-1]
            if score is not None:
                value = score()
                self.progress.scores.append(value)
                if value > best:
                    kept.take()
            since = 0 if value > best + tol else since + 1
            best = max(best, value)
            settled = since >= patience
        if score is not None:
            kept.restore()
        return settled
