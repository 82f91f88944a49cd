"""Dropout: in training, some values are set to zero at random."""

from __future__ import annotations

from typing import Any

import numpy as np

from .errors import given_or_new
from .module import Module


class Dropout(Module):
    """Sets each value to zero with probability `p` in training, and scales the others up.

    The values that stay are divided by 1 - p, so that their expected sum is that of the input and
    evaluation is the identity (Srivastava, Hinton, Krizhevsky, Sutskever and Salakhutdinov,
    "Dropout", JMLR 2014; this form is called inverted).

    Parameters
    ----------
    p : float, default 0.5
        From 0 to 1.
    rng : numpy.random.Generator, optional
        Where chance comes from. Without it, it differs from run to run.

    Examples
    --------
    >>> import numpy as np, nn
    >>> layer = nn.Dropout(0.5, rng=np.random.default_rng(0))
    >>> layer(np.ones(6, np.float32))
    array([2., 2., 2., 0., 0., 0.], dtype=float32)
    >>> layer.eval()(np.ones(3))
    array([1., 1., 1.])
    """

    def __init__(self, p: float = 0.5, *, rng: np.random.Generator | None = None) -> None:
        if not 0 <= p <= 1:
            raise ValueError(f"Dropout: p is a probability, from 0 to 1; got {p!r}")
        self.p = p
        self.rng = given_or_new("Dropout", rng)

    def forward(self, x: Any) -> Any:
        """Drop values of an array or Tensor of any shape, in training mode."""
        if not self.training or self.p == 0:
            return x
        dtype = x.dtype if x.dtype.kind == "f" else np.dtype(np.float64)
        kept = self.rng.random(x.shape, np.float32) >= self.p
        scale = dtype.type(0 if self.p == 1 else 1 / (1 - self.p))
        return x * (kept * scale)

    def extra_repr(self) -> str:
        """The probability."""
        return f"p={self.p}"
