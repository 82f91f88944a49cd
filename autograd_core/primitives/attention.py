"""Attention: averages of values, weighed by how well queries match keys, in one operation.

Scores are kept with the keys along the last axis but one: the softmax then runs down columns,
which NumPy does several numbers at a time, and a transposed product costs nothing more.
"""

from __future__ import annotations

import math
from functools import lru_cache
from typing import Any

import numpy as np

from ..errors import DTypeError, ShapeError, describe
from ..primitive import example, primitive
from .operands import only_real


@lru_cache(maxsize=16)
def _future(targets: int, sources: int) -> Any:
    """True where a target comes before a source, (sources, targets); shared and read-only."""
    future = np.arange(sources)[:, None] > np.arange(targets)
    future.flags.writeable = False
    return future


def _hidden(q: Any, k: Any, allowed: Any, causal: bool) -> Any:
    """True where the score counts for nothing, or None; (..., sources, targets)."""
    hidden = _future(q.shape[-2], k.shape[-2]) if causal else None
    if allowed is not None:
        forbidden = np.swapaxes(~allowed, -1, -2)
        hidden = forbidden if hidden is None else hidden | forbidden
    return hidden


def _turned(x: Any) -> Any:
    return np.swapaxes(x, -1, -2)


def _probabilities(q: Any, k: Any, bias: Any, allowed: Any, causal: bool, scale: float) -> Any:
    """The softmax of the scores over the sources, (..., sources, targets), in plain NumPy."""
    scores = k @ _turned(q * scale)
    if bias is not None:
        scores = scores + _turned(bias)
    hidden = _hidden(q, k, allowed, causal)
    if hidden is not None:
        scores = np.where(hidden, -np.inf, scores)
    powers = np.exp(scores - _finite_maximum(scores))
    total = powers.sum(axis=-2, keepdims=True)
    return powers * (1 / np.where(total == 0, 1.0, total))


def _finite_maximum(scores: Any) -> Any:
    """The largest score of each target; 0 where there is none. A constant: it cancels."""
    scores = getattr(scores, "data", scores) if not isinstance(scores, np.ndarray) else scores
    largest = np.max(scores, axis=-2, keepdims=True, initial=-np.inf)
    return np.where(np.isfinite(largest), largest, largest.dtype.type(0))


class Trace:
    """The probabilities that the forward pass computed, and what the reverse makes of them."""

    def __init__(self, probabilities: Any, out: Any) -> None:
        self.probabilities, self.out = probabilities, out
        self.memory: tuple[Any, Any] | None = None

    def scores(self, g: Any, v: Any, keep: Any) -> Any:
        """The gradient at the scores; computed once for q, k and the bias."""
        memory = self.memory
        if memory is None or memory[0] is not g:
            slope = v @ _turned(g)
            if keep is not None:
                slope *= _turned(keep)
            slope -= _dot(g, self.out)
            slope *= self.probabilities
            self.memory = memory = (g, slope)
        return memory[1]


def _dot(g: Any, out: Any) -> Any:
    """The inner product of each target's output with its gradient, (..., 1, targets)."""
    return np.vecdot(g, out)[..., None, :]


def _merged(shape: tuple[int, ...], dtype: Any) -> Any:
    """Room for an array of this shape whose heads stand side by side in memory.

    Of (batch, heads, places, width) it is a view such that merging the heads copies nothing.
    """
    if len(shape) != 4:
        return np.empty(shape, dtype)
    batch, heads, places, width = shape
    return np.empty((batch, places, heads, width), dtype).swapaxes(1, 2)


def _product(a: Any, b: Any) -> Any:
    """The matrix product, of arrays into such room."""
    if type(a) is not np.ndarray or type(b) is not np.ndarray or a.shape[:-2] != b.shape[:-2]:
        return a @ b
    room = _merged((*a.shape[:-1], b.shape[-1]), np.result_type(a, b))
    return np.matmul(a, b, out=room)


def _compute(
    q: Any, k: Any, v: Any, bias: Any, allowed: Any, keep: Any, causal: bool, scale: float
) -> tuple[Any, Trace | None]:
    only_real("scaled_dot_product_attention", q, k, v, *([] if bias is None else [bias]))
    scores = k @ _turned(q * scale)
    arrays = all(type(x) is np.ndarray for x in (scores, v, *([] if keep is None else [keep])))
    if not arrays or scores.dtype.kind != "f":
        return _plain(q, k, v, bias, allowed, keep, causal, scale), None
    if bias is not None:
        scores = scores + _turned(bias)
    hidden = _hidden(q, k, allowed, causal)
    if hidden is None:
        scores -= np.maximum.reduce(scores, axis=-2, keepdims=True, initial=-np.inf)
    else:
        np.copyto(scores, -np.inf, where=hidden)
        scores -= _finite_maximum(scores)
    np.exp(scores, out=scores)
    total = np.add.reduce(scores, axis=-2, keepdims=True)
    if hidden is not None or not k.shape[-2]:
        total[total == 0] = 1
    scores *= 1 / total
    weights = scores if keep is None else scores * _turned(keep)
    out = _product(_turned(weights), v)
    return out, Trace(scores, out)


def _plain(
    q: Any, k: Any, v: Any, bias: Any, allowed: Any, keep: Any, causal: bool, scale: float
) -> Any:
    weights = _probabilities(q, k, bias, allowed, causal, scale)
    if keep is not None:
        weights = weights * _turned(keep)
    return _turned(weights) @ v


def _forward(
    q: Any,
    k: Any,
    v: Any,
    bias: Any = None,
    allowed: Any = None,
    keep: Any = None,
    causal: bool = False,
    scale: float | None = None,
) -> Any:
    """Attention ``softmax(q @ k.T * scale + bias) @ v``, of any number of heads at once.

    Parameters
    ----------
    q : Tensor or array, shape (..., targets, width)
        What each target asks for.
    k : Tensor or array, shape (..., sources, width)
        What each source offers.
    v : Tensor or array, shape (..., sources, value width)
        What is averaged.
    bias : Tensor or array, shape broadcasting to (..., targets, sources), optional
        Added to the scores.
    allowed : array of bool, shape broadcasting to (..., targets, sources), optional
        True where a target may look at a source. A target that may look at none gets zeros.
    keep : array, shape broadcasting to (..., targets, sources), optional
        What the weights are multiplied by after the softmax: dropout.
    causal : bool
        Whether target i may look at sources 0 to i only.
    scale : float, optional
        By default ``1 / sqrt(width)``.

    Returns
    -------
    Tensor or array, shape (..., targets, value width)
        (Vaswani et al., "Attention is all you need", 2017, equation 1.)

    Raises
    ------
    ShapeError
        If the shapes do not agree.
    DTypeError
        If `allowed` is not of booleans.

    Examples
    --------
    >>> import numpy as np, autograd_core as ag
    >>> q, k = ag.Tensor([[1.0, 0.0]]), np.array([[100.0, 0.0], [0.0, 0.0]])
    >>> ag.scaled_dot_product_attention(q, k, np.array([[5.0], [7.0]])).data
    array([[5.]])
    """
    scale = 1 / math.sqrt(q.shape[-1]) if scale is None else scale
    return _compute(q, k, v, bias, allowed, keep, causal, scale)[0]


def _door(
    q: Any,
    k: Any,
    v: Any,
    bias: Any = None,
    allowed: Any = None,
    keep: Any = None,
    causal: bool = False,
    scale: float | None = None,
) -> tuple[Any, dict[str, Any]]:
    shapes = tuple(map(np.shape, (q, k, v)))
    if (
        min(map(len, shapes)) < 2
        or shapes[0][-1] != shapes[1][-1]
        or shapes[1][-2] != shapes[2][-2]
        or not shapes[0][-1]
    ):
        raise ShapeError(
            "scaled_dot_product_attention: q of shape (..., targets, width) needs k of shape"
            " (..., sources, width) and v of shape (..., sources, value width). Given:"
            f" {describe(q, 'q')}; {describe(k, 'k')}; {describe(v, 'v')}."
        )
    wanted = (*np.broadcast_shapes(shapes[0][:-2], shapes[1][:-2]), shapes[0][-2], shapes[1][-2])
    masks = {"bias": bias, "allowed": allowed, "keep": keep}
    for name, mask in masks.items():
        if mask is not None and not _fits(np.shape(mask), wanted):
            raise ShapeError(
                f"scaled_dot_product_attention: {name} must broadcast to (..., targets, sources) ="
                f" {wanted}, with both of these axes. Given: {describe(mask, name)}."
            )
    if allowed is not None and np.result_type(allowed) != np.bool_:
        raise DTypeError(
            "scaled_dot_product_attention: allowed has booleans, True where a target may look at"
            f" a source; it has {np.result_type(allowed)}. What is to be added to the scores is"
            " given as bias=."
        )
    scale = 1 / math.sqrt(shapes[0][-1]) if scale is None else float(scale)
    return (q, k, v, bias, allowed, keep), {"causal": bool(causal), "scale": scale}


def _fits(shape: tuple[int, ...], wanted: tuple[int, ...]) -> bool:
    """Whether it broadcasts to the other, and has the last two axes."""
    pairs = zip(shape[::-1], wanted[::-1], strict=False)
    return 2 <= len(shape) <= len(wanted) and all(n in (1, size) for n, size in pairs)


def _score_slope(
    g: Any, q: Any, k: Any, v: Any, bias: Any, masks: Any, keywords: Any, trace: Any
) -> Any:
    """The gradient at the scores, (..., sources, targets)."""
    allowed, keep = masks
    if trace is not None:
        return trace.scores(g, v, keep)
    probabilities = _probabilities(q, k, bias, allowed, *keywords)
    weights = probabilities if keep is None else probabilities * _turned(keep)
    slope = v @ _turned(g)
    if keep is not None:
        slope = slope * _turned(keep)
    out = _turned(weights) @ v
    return (slope - np.sum(g * out, axis=-1)[..., None, :]) * probabilities


def _q_rule(
    g: Any,
    q: Any,
    k: Any,
    v: Any,
    bias: Any,
    allowed: Any,
    keep: Any,
    causal: Any,
    scale: Any,
    trace: Any,
) -> Any:
    slope = _score_slope(g, q, k, v, bias, (allowed, keep), (causal, scale), trace)
    return _product(_turned(slope), k * scale)


def _k_rule(
    g: Any,
    q: Any,
    k: Any,
    v: Any,
    bias: Any,
    allowed: Any,
    keep: Any,
    causal: Any,
    scale: Any,
    trace: Any,
) -> Any:
    slope = _score_slope(g, q, k, v, bias, (allowed, keep), (causal, scale), trace)
    return _product(slope, q * scale)


def _v_rule(
    g: Any,
    q: Any,
    k: Any,
    bias: Any,
    allowed: Any,
    keep: Any,
    causal: Any,
    scale: Any,
    trace: Any,
) -> Any:
    if trace is None:
        weights = _probabilities(q, k, bias, allowed, causal, scale)
    else:
        weights = trace.probabilities
    return _product(weights if keep is None else weights * _turned(keep), g)


def _bias_rule(
    g: Any,
    q: Any,
    k: Any,
    v: Any,
    bias: Any,
    allowed: Any,
    keep: Any,
    causal: Any,
    scale: Any,
    trace: Any,
) -> Any:
    slope = _score_slope(g, q, k, v, bias, (allowed, keep), (causal, scale), trace)
    return _turned(slope)


ALLOWED = np.array([[True, False, True, True], [False] * 4, [True, True, False, False]])

scaled_dot_product_attention = primitive(
    _forward,
    q=_q_rule,
    k=_k_rule,
    v=_v_rule,
    bias=_bias_rule,
    allowed=None,
    keep=None,
    name="scaled_dot_product_attention",
    compute=_compute,
    door=_door,
    keywords=["causal", "scale"],
    residuals={"trace": lambda: None},  # at higher orders the steps are recorded one by one
    symbol="attention",
    latex=r"\operatorname{{softmax}}\left({q} \, {k}^T \cdot {scale}\right) {v}",
    precedence=2,
    examples=[
        example((3, 2), (4, 2), (4, 3)),
        example((2, 3, 2), (2, 3, 2), (2, 3, 1), causal=True),
        example((1, 2, 3, 2), (1, 2, 4, 2), (1, 2, 4, 2), (3, 4), ALLOWED),
        example((2, 3, 2), (1, 4, 2), (1, 4, 2), (1, 4), None, np.array([[2.0, 0.0, 1.0, 2.0]])),
    ],
)
