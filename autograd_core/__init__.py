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
from .primitives.activation import log_softmax, relu, sigmoid, softmax, softplus
from .primitives.contraction import linear
from .primitives.indexing import index_add, index_update
from .primitives.loss import softmax_cross_entropy, squared_error
from .primitives.reduction import logsumexp
from .provenance import hide_frames
from .tensor import Tensor

if TYPE_CHECKING:
    from .visualize import draw

__version__ = "0.1.0"

#: Loaded on first use: what draws needs packages that computing does not.
_LAZY = {"draw": "autograd_core.visualize"}

__all__ = [
    "AutogradError",
    "DTypeError",
    "GraphError",
    "InPlaceError",
    "IndexingError",
    "LinearAlgebraError",
    "MissingExtraError",
    "NotDifferentiable",
    "OverwrittenError",
    "ShapeError",
    "Tensor",
    "draw",
    "enable_grad",
    "hide_frames",
    "index_add",
    "index_update",
    "is_recording",
    "linear",
    "log_softmax",
    "logsumexp",
    "no_grad",
    "relu",
    "require_extra",
    "sigmoid",
    "softmax",
    "softmax_cross_entropy",
    "softplus",
    "squared_error",
    "write_atomically",
]


keep_freed_memory()


def __getattr__(name: str) -> Any:
    if name in _LAZY:
        return getattr(importlib.import_module(_LAZY[name]), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def __dir__() -> list[str]:
    return [*globals(), *_LAZY]
