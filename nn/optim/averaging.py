"""An exponential moving average of the weights: steadier than the last step's, often better."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..errors import StateDictError, check_state
from ..module import Module
from ..parameter import assign
from .optimizer import check_share

__all__ = ["ExponentialMovingAverage"]


class ExponentialMovingAverage:
    """A running average of a model's weights.

    Parameters
    ----------
    model : Module
    decay : float, default 0.999
        How much of the average is kept at each `update`. The first updates keep less,
        (1 + n) / (10 + n) after n of them, so that the random start is soon forgotten.

    Notes
    -----
    Polyak & Juditsky, "Acceleration of stochastic approximation by averaging", SIAM Journal on
    Control and Optimization 30, 1992. Buffers (running statistics) are taken as they are.

    Examples
    --------
    >>> import nn
    >>> model = nn.Linear(1, 1, bias=False, init="zeros")
    >>> average = nn.ExponentialMovingAverage(model, decay=0.5)
    >>> model.weight.data[...] = 1.0
    >>> average.update()
    >>> with average.applied():
    ...     inside = model.weight.item()
    >>> inside < model.weight.item()
    True
    """

    def __init__(self, model: Module, decay: float = 0.999) -> None:
        if not isinstance(model, Module):
            raise TypeError(
                "ExponentialMovingAverage: the first argument is the model, not its parameters; "
                f"got {type(model).__name__}"
            )
        self.model = model
        self.decay = check_share("ExponentialMovingAverage", "decay", decay)
        self.updates = 0
        self._parameters = dict(model.named_parameters())
        self._average = {name: np.array(p.data) for name, p in self._parameters.items()}
        self._room = {name: np.array(p.data) for name, p in self._parameters.items()}

    def update(self) -> None:
        """Take the present weights into the average; call it after every step."""
        decay = min(self.decay, (1.0 + self.updates) / (10.0 + self.updates))
        self.updates += 1
        for name, parameter in self._parameters.items():
            average, room = self._average[name], self._room[name]
            np.subtract(parameter.data, average, out=room)
            np.multiply(room, 1.0 - decay, out=room)
            np.add(average, room, out=average)

    @contextmanager
    def applied(self) -> Iterator[Module]:
        """Put the average into the model for a while; its own weights come back after."""
        kept = {name: np.array(p.data) for name, p in self._parameters.items()}
        self.copy_to_model()
        try:
            yield self.model
        finally:
            for name, parameter in self._parameters.items():
                assign(parameter, kept[name])

    def copy_to_model(self) -> None:
        """Make the average the model's weights, for good."""
        for name, parameter in self._parameters.items():
            assign(parameter, self._average[name])

    def state_dict(self) -> dict[str, NDArray[Any]]:
        """The average and the number of updates, as arrays."""
        return {name: average.copy() for name, average in self._average.items()} | {
            "updates": np.array(self.updates)
        }

    def load_state_dict(self, state: Mapping[str, Any]) -> None:
        """Go on from what `state_dict` gave, of a model with the same parameters.

        Raises
        ------
        StateDictError
            Naming what is missing, unknown or of another shape; nothing is changed then.
        """
        check_state("ExponentialMovingAverage", state)
        own = self.state_dict()
        shapes = {name: np.shape(value) for name, value in state.items()}
        problems = [
            f"{name!r}: {shapes.get(name, 'missing')} in the state, "
            f"{own[name].shape if name in own else 'missing'} here"
            for name in dict.fromkeys([*own, *shapes])
            if name not in own or shapes.get(name) != own[name].shape
        ]
        if problems:
            raise StateDictError(
                "load_state_dict: this state does not fit the averaged model:\n  "
                + "\n  ".join(problems)
            )
        for name, average in self._average.items():
            average[...] = state[name]
        self.updates = int(state["updates"])
