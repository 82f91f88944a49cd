"""Reverse-mode automatic differentiation on NumPy that shows the chain rule at work.

``import autograd_core as ag``. A :class:`Tensor` records every operation on it, NumPy's own
functions included; ``backward()`` walks the recorded graph in reverse and leaves the gradients in
``.grad``; :func:`draw` shows the graph.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

from . import primitives as primitives
from .allocation import keep_freed_memory
from .errors import (
    AnomalyError,
    AutogradError,
    DTypeError,
    GraphError,
    IndexingError,
    InPlaceError,
    LinearAlgebraError,
    MissingExtraError,
    NotDifferentiable,
    OverwrittenError,
    ShapeError,
)
from .extras import require_extra
from .files import write_atomically
from .modes import enable_grad, is_recording, no_grad
from .primitive import primitive
from .primitives.activation import log_sigmoid, log_softmax, relu, sigmoid, softmax, softplus
from .primitives.attention import scaled_dot_product_attention
from .primitives.bessel import i0, i1
from .primitives.contraction import linear
from .primitives.convolving import conv1d, conv2d, conv_transpose1d, conv_transpose2d
from .primitives.distance import cdist
from .primitives.elman import rnn_scan
from .primitives.entropy import entr, logit, xlog1py, xlogy
from .primitives.error_function import erf, erfc, erfinv, ndtr
from .primitives.gamma_function import betaln, digamma, gammaln, polygamma
from .primitives.gates import gelu, mish, silu, softsign
from .primitives.gru import gru_scan
from .primitives.indexing import index_add, index_update
from .primitives.lookup import embedding
from .primitives.loss import softmax_cross_entropy, squared_error
from .primitives.lstm import lstm_scan
from .primitives.norms import batch_norm, group_norm, layer_norm, rms_norm
from .primitives.pools import (
    adaptive_avg_pool1d,
    adaptive_avg_pool2d,
    avg_pool1d,
    avg_pool2d,
    max_pool1d,
    max_pool2d,
)
from .primitives.rectifiers import celu, elu, hardsigmoid, hardtanh, leaky_relu, selu
from .primitives.reduction import logsumexp
from .primitives.running import cummax, cummin, logcumsumexp, topk
from .provenance import hide_frames
from .tensor import Tensor
from .transforms import (
    checkpoint,
    grad,
    hessian,
    hvp,
    jacobian,
    jacobian_rows,
    jvp,
    laplacian,
    stop_gradient,
    value_and_grad,
    vjp,
)

if TYPE_CHECKING:
    from .anomaly import detect_anomaly
    from .checking import GradientReport, assert_gradients, gradcheck
    from .visualize import draw, explain, why

__version__ = "0.1.0"

#: Loaded on first use: what draws needs packages that computing does not; few programs check.
_LAZY = {
    "GradientReport": "autograd_core.checking",
    "assert_gradients": "autograd_core.checking",
    "detect_anomaly": "autograd_core.anomaly",
    "draw": "autograd_core.visualize",
    "explain": "autograd_core.visualize",
    "gradcheck": "autograd_core.checking",
    "why": "autograd_core.visualize",
}

__all__ = [
    "AnomalyError",
    "AutogradError",
    "DTypeError",
    "GradientReport",
    "GraphError",
    "InPlaceError",
    "IndexingError",
    "LinearAlgebraError",
    "MissingExtraError",
    "NotDifferentiable",
    "OverwrittenError",
    "ShapeError",
    "Tensor",
    "adaptive_avg_pool1d",
    "adaptive_avg_pool2d",
    "assert_gradients",
    "avg_pool1d",
    "avg_pool2d",
    "batch_norm",
    "betaln",
    "cdist",
    "celu",
    "checkpoint",
    "conv1d",
    "conv2d",
    "conv_transpose1d",
    "conv_transpose2d",
    "cummax",
    "cummin",
    "detect_anomaly",
    "digamma",
    "draw",
    "elu",
    "embedding",
    "enable_grad",
    "entr",
    "erf",
    "erfc",
    "erfinv",
    "explain",
    "gammaln",
    "gelu",
    "grad",
    "gradcheck",
    "group_norm",
    "gru_scan",
    "hardsigmoid",
    "hardtanh",
    "hessian",
    "hide_frames",
    "hvp",
    "i0",
    "i1",
    "index_add",
    "index_update",
    "is_recording",
    "jacobian",
    "jacobian_rows",
    "jvp",
    "laplacian",
    "layer_norm",
    "leaky_relu",
    "linear",
    "log_sigmoid",
    "log_softmax",
    "logcumsumexp",
    "logit",
    "logsumexp",
    "lstm_scan",
    "max_pool1d",
    "max_pool2d",
    "mish",
    "ndtr",
    "no_grad",
    "polygamma",
    "primitive",
    "relu",
    "require_extra",
    "rms_norm",
    "rnn_scan",
    "scaled_dot_product_attention",
    "selu",
    "sigmoid",
    "silu",
    "softmax",
    "softmax_cross_entropy",
    "softplus",
    "softsign",
    "squared_error",
    "stop_gradient",
    "topk",
    "value_and_grad",
    "vjp",
    "why",
    "write_atomically",
    "xlog1py",
    "xlogy",
]


keep_freed_memory()


def __getattr__(name: str) -> Any:
    if name in _LAZY:
        return getattr(importlib.import_module(_LAZY[name]), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def __dir__() -> list[str]:
    return [*globals(), *_LAZY]
