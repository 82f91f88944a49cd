"""Every operation with its local derivatives, one file a family.

Importing this package fills the registry. The functions beside NumPy's that it exports
(``relu``, ``softmax``, ``linear``...) are re-exported by the public face.
"""

from . import (
    activation,
    arithmetic,
    contraction,
    exponential,
    extreme,
    fft,
    indexing,
    joining,
    loss,
    nan,
    reduction,
    rounding,
    selection,
    shape,
    statistics,
    trigonometric,
)

__all__ = [
    "activation",
    "arithmetic",
    "contraction",
    "exponential",
    "extreme",
    "fft",
    "indexing",
    "joining",
    "loss",
    "nan",
    "reduction",
    "rounding",
    "selection",
    "shape",
    "statistics",
    "trigonometric",
]
