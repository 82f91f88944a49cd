"""Multi-head attention, with PyTorch's parameters."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from numpy.typing import DTypeLike

import autograd_core as ag

from . import init as initializers
from .errors import check_whole, given_or_new
from .layers import Linear
from .module import Module
from .parameter import Parameter


class MultiHeadAttention(Module):
    """Each target looks at the sources, with several heads that each look for something else.

    Queries, keys and values are linear maps of the three inputs, split into heads; the heads'
    results stand side by side and go through one more linear map. Parameters are named and laid
    out as those of PyTorch's ``MultiheadAttention``, so that state dicts can be exchanged. The
    batch comes first.

    Parameters
    ----------
    embed_dim : int
        Length of one place's vector; a multiple of `num_heads`.
    num_heads : int
    dropout : float, default 0
        Of the weights with which sources count, in training.
    bias : bool, default True
        Whether the linear maps have biases; they start at zero.
    rng : numpy.random.Generator, optional
        Where weights and dropout come from. Without it they differ from run to run.
    dtype : data-type, default float32
        Of the parameters.

    Attributes
    ----------
    in_proj_weight : Parameter of shape (3 * embed_dim, embed_dim)
        For queries, keys and values, one below the other.
    in_proj_bias : Parameter of shape (3 * embed_dim,), or None
    out_proj : Linear

    Notes
    -----
    Vaswani et al., "Attention is all you need", NeurIPS 2017, section 3.2.

    Examples
    --------
    >>> import numpy as np, nn
    >>> layer = nn.MultiHeadAttention(8, 2, rng=np.random.default_rng(0))
    >>> x = np.ones((3, 5, 8), np.float32)
    >>> layer(x, is_causal=True).shape
    (3, 5, 8)
    >>> layer(x, np.ones((3, 7, 8), np.float32), need_weights=True)[1].shape
    (3, 2, 5, 7)
    """

    def __init__(
        self,
        embed_dim: int,
        num_heads: int,
        dropout: float = 0.0,
        bias: bool = True,
        *,
        rng: np.random.Generator | None = None,
        dtype: DTypeLike = np.float32,
    ) -> None:
        check_whole("MultiHeadAttention", "embed_dim", embed_dim)
        check_whole("MultiHeadAttention", "num_heads", num_heads)
        if embed_dim % num_heads:
            raise ValueError(
                f"MultiHeadAttention: embed_dim={embed_dim} must split into "
                f"num_heads={num_heads} equal heads"
            )
        if not 0 <= dropout < 1:
            raise ValueError(
                f"MultiHeadAttention: dropout is a probability below 1; got {dropout!r}"
            )
        self.embed_dim = embed_dim
        self.num_heads = num_heads
        self.dropout = dropout
        self.rng = given_or_new("MultiHeadAttention", rng)
        values = initializers.xavier_uniform((3 * embed_dim, embed_dim), self.rng, dtype)
        self.in_proj_weight = Parameter(values, dtype=dtype)
        self.in_proj_bias = Parameter(np.zeros(3 * embed_dim), dtype=dtype) if bias else None
        self.out_proj = Linear(embed_dim, embed_dim, bias, rng=self.rng, dtype=dtype)

    def forward(
        self,
        query: Any,
        key: Any = None,
        value: Any = None,
        *,
        key_padding_mask: Any = None,
        attn_mask: Any = None,
        is_causal: bool = False,
        need_weights: bool = False,
    ) -> Any:
        """Attend.

        Masks are PyTorch's: **True keeps a source out**. A target that is kept from all sources
        gets zeros from every head.

        Parameters
        ----------
        query : Tensor or array, shape (batch, targets, embed_dim)
        key, value : Tensor or array, shape (batch, sources, embed_dim), optional
            Left out, key is the query (self-attention), and value is the key.
        key_padding_mask : array of bool, shape (batch, sources), optional
            True where a source is padding.
        attn_mask : array, shape (targets, sources) or broadcasting to (batch, heads, ...), optional
            Of booleans: True where a target may not look at a source. Of floats: added to the
            scores; a Tensor gets its gradient.
        is_causal : bool
            Whether target i may look at sources 0 to i only.
        need_weights : bool
            Whether to return the weights too. (It is faster without.)

        Returns
        -------
        Tensor, shape (batch, targets, embed_dim)
            With `need_weights` a pair, whose second is the weight of each source for each target,
            of shape (batch, heads, targets, sources).

        Raises
        ------
        ShapeError, DTypeError
            If an input or a mask does not fit.
        """
        key = query if key is None else key
        value = key if value is None else value
        self._check(query, key, value)
        sizes = (*query.shape[:2], key.shape[1])
        q, k, v = (self._heads(part) for part in self._project(query, key, value))
        allowed, bias = self._masks(key_padding_mask, attn_mask, sizes)
        keep = self._keep((sizes[0], self.num_heads, *sizes[1:]), q.dtype)
        weights = None
        if need_weights:
            weights = _weights(q, k, bias, allowed, is_causal)
            out = np.matmul(weights if keep is None else weights * keep, v)
        else:
            out = ag.scaled_dot_product_attention(q, k, v, bias, allowed, keep, is_causal)
        merged = np.swapaxes(out, 1, 2).reshape(query.shape)
        out = self.out_proj(merged)
        return (out, weights) if need_weights else out

    def _project(self, query: Any, key: Any, value: Any) -> Any:
        """Queries, keys and values; of what is the same, by one product."""
        width, weight, bias = self.embed_dim, self.in_proj_weight, self.in_proj_bias
        if key is query and value is key:
            return np.split(ag.linear(query, weight, bias), 3, axis=-1)
        if value is key:
            q = ag.linear(query, weight[:width], None if bias is None else bias[:width])
            both = ag.linear(key, weight[width:], None if bias is None else bias[width:])
            return [q, *np.split(both, 2, axis=-1)]
        weights = np.split(weight, 3)
        biases = [None] * 3 if bias is None else np.split(bias, 3)
        return [
            ag.linear(*parts) for parts in zip((query, key, value), weights, biases, strict=True)
        ]

    def _heads(self, x: Any) -> Any:
        """(batch, places, width) as (batch, heads, places, width of a head)."""
        split = x.reshape(*x.shape[:2], self.num_heads, self.embed_dim // self.num_heads)
        return np.swapaxes(split, 1, 2)

    def _keep(self, shape: tuple[int, ...], dtype: Any) -> Any:
        if not self.training or not self.dropout:
            return None
        kept = self.rng.random(shape, np.float32) >= self.dropout
        return kept * dtype.type(1 / (1 - self.dropout))

    def _check(self, query: Any, key: Any, value: Any) -> None:
        given = {"query": query, "key": key, "value": value}
        wrong = [n for n, x in given.items() if x.ndim != 3 or x.shape[2] != self.embed_dim]
        if wrong or key.shape != value.shape or query.shape[0] != key.shape[0]:
            shapes = ", ".join(f"{name} {tuple(x.shape)}" for name, x in given.items())
            raise ag.ShapeError(
                "MultiHeadAttention: query must have shape (batch, targets, "
                f"{self.embed_dim}), key and value (batch, sources, {self.embed_dim}); "
                f"given: {shapes}"
            )

    def _masks(self, padding: Any, mask: Any, sizes: tuple[int, ...]) -> tuple[Any, Any]:
        """Which sources may be looked at, and what is added to the scores; or None."""
        batch, targets, sources = sizes
        allowed = bias = None
        if padding is not None:
            padding = np.asarray(padding)
            _check_mask("key_padding_mask", padding, padding.shape == (batch, sources), sizes)
            allowed = ~padding[:, None, None, :]
        if mask is not None:
            mask = mask if isinstance(mask, ag.Tensor) else np.asarray(mask)
            wanted = (batch, self.num_heads, targets, sources)
            pairs = zip(mask.shape[::-1], wanted[::-1], strict=False)
            fits = mask.shape[-2:] == wanted[2:] and all(n in (1, size) for n, size in pairs)
            if mask.dtype.kind == "f":
                bias = mask
            _check_mask("attn_mask", mask, fits and mask.ndim <= 4, sizes)
            if bias is None:
                seen = ~(mask.data if isinstance(mask, ag.Tensor) else mask)
                allowed = seen if allowed is None else allowed & seen
        return allowed, bias

    def multiply_adds(self, inputs: tuple[Any, ...], output: Any) -> int:  # noqa: ARG002
        """The three maps, the scores and the averages; the last map is a layer of its own."""
        query = inputs[0]
        key = query if len(inputs) < 2 or inputs[1] is None else inputs[1]
        batch, targets, width = query.shape
        sources = key.shape[1]
        maps = (targets + 2 * sources) * width * width
        return int(batch * (maps + 2 * targets * sources * width))

    def extra_repr(self) -> str:
        """Width and heads, and the options that are not the usual ones."""
        shown = [f"{self.embed_dim}, {self.num_heads}"]
        shown += [f"dropout={self.dropout}"] if self.dropout else []
        shown += ["bias=False"] if self.in_proj_bias is None else []
        return ", ".join(shown)


def _weights(q: Any, k: Any, bias: Any, allowed: Any, causal: bool) -> Any:
    """The softmax of the scores, zeros where a target may look at nothing."""
    scores = np.matmul(q, np.swapaxes(k, 2, 3)) * (1 / math.sqrt(q.shape[-1]))
    if bias is not None:
        scores = scores + bias
    if causal:
        past = np.tri(*scores.shape[2:]) > 0
        allowed = past if allowed is None else allowed & past
    if allowed is None:
        return ag.softmax(scores)
    somewhere = np.any(allowed, axis=-1, keepdims=True)
    weights = ag.softmax(np.where(allowed | ~somewhere, scores, -np.inf))
    return np.where(somewhere, weights, 0.0)


def _check_mask(name: str, mask: Any, fits: bool, sizes: tuple[int, ...]) -> None:
    batch, targets, sources = sizes
    if name == "key_padding_mask":
        wanted = f"(batch, sources) = ({batch}, {sources})"
    else:
        wanted = f"(targets, sources) = ({targets}, {sources})"
    if not fits:
        raise ag.ShapeError(
            f"MultiHeadAttention: {name} must have shape {wanted}; it has shape {mask.shape}"
        )
    if mask.dtype != bool and (name == "key_padding_mask" or mask.dtype.kind != "f"):
        kinds = "booleans" + ("" if name == "key_padding_mask" else " or floats")
        raise ag.DTypeError(
            f"MultiHeadAttention: {name} has {kinds}, True where a source is kept out; it has "
            f"{mask.dtype}. Convert it: {name}.astype(bool)"
        )
