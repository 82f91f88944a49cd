"""A copy of a model's weights to go back to, in memory that is allocated once."""

from __future__ import annotations

import numpy as np

from .module import Module
from .parameter import assign


class Snapshot:
    """The parameters and buffers of a model as they were when `take` was last called.

    Examples
    --------
    >>> import numpy as np, nn
    >>> model = nn.Linear(1, 1)
    >>> snapshot = Snapshot(model)
    >>> before = model.weight.data.copy()
    >>> model.weight.data += 1.0
    >>> snapshot.restore()
    >>> bool(model.weight.data == before)
    True
    """

    def __init__(self, model: Module) -> None:
        self._parameters = [(p, np.array(p.data)) for p in model.parameters()]
        self._buffers = [(array, np.array(array)) for array in model.buffers()]

    def take(self) -> None:
        """Remember the present values."""
        for parameter, kept in self._parameters:
            np.copyto(kept, parameter.data)
        for buffer, kept in self._buffers:
            np.copyto(kept, buffer)

    def arrays(self) -> list[np.ndarray]:
        """The values remembered, parameters first, to be saved or overwritten."""
        return [kept for _, kept in (*self._parameters, *self._buffers)]

    def restore(self) -> None:
        """Go back to the values remembered."""
        for parameter, kept in self._parameters:
            assign(parameter, kept)
        for buffer, kept in self._buffers:
            np.copyto(buffer, kept)
