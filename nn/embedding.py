"""From numbers of things to vectors, and what tells places apart: Embedding, positions."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import DTypeLike

import autograd_core as ag

from .dropout import Dropout
from .errors import check_generator, check_whole, given_or_new
from .module import Module
from .parameter import Parameter


class Embedding(Module):
    """A table of vectors: each whole number of the input becomes the row of that number.

    Parameters
    ----------
    num_embeddings : int
        How many rows: numbers from 0 to ``num_embeddings - 1``.
    embedding_dim : int
        Length of a row.
    padding_index : int, optional
        A number that stands for padding: its row starts as zeros and gets no gradient. Negative
        ones count from the end.
    scale : float, default 1
        Standard deviation of the first rows.
    rng : numpy.random.Generator, optional
        Where the random rows come from. Without it they differ from run to run.
    dtype : data-type, default float32
        Of the parameter.

    Attributes
    ----------
    weight : Parameter of shape (num_embeddings, embedding_dim)

    Examples
    --------
    >>> import numpy as np, nn
    >>> layer = nn.Embedding(10, 4, padding_index=0)
    >>> out = layer(np.array([[7, 7, 0]]))
    >>> out.shape
    (1, 3, 4)
    >>> out.sum().backward()
    >>> layer.weight.grad[[7, 0], 0]
    array([2., 0.], dtype=float32)
    """

    def __init__(
        self,
        num_embeddings: int,
        embedding_dim: int,
        padding_index: int | None = None,
        *,
        scale: float = 1.0,
        rng: np.random.Generator | None = None,
        dtype: DTypeLike = np.float32,
    ) -> None:
        check_whole("Embedding", "num_embeddings", num_embeddings)
        check_whole("Embedding", "embedding_dim", embedding_dim)
        if padding_index is not None:
            if not -num_embeddings <= padding_index < num_embeddings:
                raise ValueError(
                    f"Embedding: padding_index {padding_index} is outside "
                    f"{-num_embeddings}..{num_embeddings - 1}"
                )
            padding_index %= num_embeddings
        self.num_embeddings = num_embeddings
        self.embedding_dim = embedding_dim
        self.padding_index = padding_index
        rng = given_or_new("Embedding", rng)
        values = scale * rng.standard_normal((num_embeddings, embedding_dim))
        if padding_index is not None:
            values[padding_index] = 0
        self.weight = Parameter(values, dtype=dtype)

    def forward(self, numbers: Any) -> Any:
        """Look up integers of any shape (...); returns (..., embedding_dim)."""
        out = ag.embedding(self.weight, numbers)
        if self.padding_index is None:
            return out
        row = self.weight.data[self.padding_index]  # a constant here: it gets no gradient
        return np.where((np.asarray(numbers) != self.padding_index)[..., None], out, row)

    def extra_repr(self) -> str:
        """The two sizes, and the padding."""
        padding = "" if self.padding_index is None else f", padding_index={self.padding_index}"
        return f"{self.num_embeddings}, {self.embedding_dim}{padding}"


class _Positions(Module):
    """Adds a row of a table to each place of a sequence."""

    max_length: int
    width: int

    def _rows(self, length: int) -> Any:
        raise NotImplementedError

    def forward(self, x: Any) -> Any:
        """Add positions to sequences of shape (..., steps, width)."""
        name = type(self).__name__
        if x.ndim < 2 or x.shape[-1] != self.width:
            raise ag.ShapeError(
                f"{name}: the input must have shape (..., steps, {self.width}); "
                f"it has shape {tuple(x.shape)}"
            )
        length = x.shape[-2]
        if length > self.max_length:
            raise ag.ShapeError(
                f"{name}: a sequence of {length} steps is longer than the positional table, "
                f"which has {self.max_length}: shorten it, or make the layer with "
                f"max_length={length}"
            )
        out = x + self._rows(length)
        return out if self.dropout is None else self.dropout(out)

    def __init__(
        self, max_length: int, width: int, dropout: float, rng: np.random.Generator | None
    ) -> None:
        check_whole(type(self).__name__, "max_length", max_length)
        check_whole(type(self).__name__, "width", width)
        check_generator(type(self).__name__, rng)
        self.max_length = max_length
        self.width = width
        self.dropout = Dropout(dropout, rng=rng) if dropout else None

    def extra_repr(self) -> str:
        """The longest sequence, and the width."""
        return f"{self.max_length}, {self.width}"


class SinusoidalPositions(_Positions):
    """Adds sines and cosines of the place, of many wavelengths; nothing of it is trained.

    At place p, the columns 2i and 2i + 1 get the sine and the cosine of
    ``p / 10000**(2i / width)``, so the wavelengths run from 2 pi to 10000 * 2 pi places.

    Parameters
    ----------
    max_length : int
        The longest sequence.
    width : int
        Length of a row of the input; even.
    dropout : float, default 0
        Of the sum, in training.
    rng : numpy.random.Generator, optional
        Where dropout comes from.

    Notes
    -----
    Vaswani et al., "Attention is all you need", NeurIPS 2017, section 3.5.

    Examples
    --------
    >>> import numpy as np, nn
    >>> nn.SinusoidalPositions(8, 4)(np.zeros((1, 2, 4))).round(3)
    array([[[0.   , 1.   , 0.   , 1.   ],
            [0.841, 0.54 , 0.01 , 1.   ]]])
    """

    def __init__(
        self,
        max_length: int,
        width: int,
        dropout: float = 0.0,
        *,
        rng: np.random.Generator | None = None,
    ) -> None:
        super().__init__(max_length, width, dropout, rng)
        if width % 2:
            raise ValueError(
                f"SinusoidalPositions: width must be even, for sines and cosines; got {width}"
            )
        frequencies = 10000.0 ** (-np.arange(0, width, 2) / width)
        angles = np.arange(max_length)[:, None] * frequencies
        self._table = np.stack([np.sin(angles), np.cos(angles)], axis=2).reshape(max_length, width)
        self._tables = {self._table.dtype: self._table}

    def _rows(self, length: int) -> Any:
        return self._table[:length]

    def forward(self, x: Any) -> Any:
        """Add positions to sequences of shape (..., steps, width), in their dtype."""
        if x.dtype != self._table.dtype and x.dtype.kind == "f":
            self._table = self._tables.setdefault(
                x.dtype, self._tables[np.dtype(float)].astype(x.dtype)
            )
        return super().forward(x)


class LearnedPositions(_Positions):
    """Adds a trained vector for each place.

    Parameters
    ----------
    max_length : int
        The longest sequence.
    width : int
        Length of a row of the input.
    dropout : float, default 0
        Of the sum, in training.
    scale : float, default 0.02
        Standard deviation of the first vectors.
    rng : numpy.random.Generator, optional
        Where the random vectors and dropout come from.
    dtype : data-type, default float32
        Of the parameter.

    Attributes
    ----------
    weight : Parameter of shape (max_length, width)

    Notes
    -----
    Gehring et al., "Convolutional sequence to sequence learning", ICML 2017, section 3.1.

    Examples
    --------
    >>> import numpy as np, nn
    >>> layer = nn.LearnedPositions(8, 4)
    >>> layer(np.zeros((2, 5, 4), np.float32)).shape
    (2, 5, 4)
    """

    def __init__(
        self,
        max_length: int,
        width: int,
        dropout: float = 0.0,
        *,
        scale: float = 0.02,
        rng: np.random.Generator | None = None,
        dtype: DTypeLike = np.float32,
    ) -> None:
        super().__init__(max_length, width, dropout, rng)
        rng = given_or_new("LearnedPositions", rng)
        self.weight = Parameter(scale * rng.standard_normal((max_length, width)), dtype=dtype)

    def _rows(self, length: int) -> Any:
        return self.weight[:length]
