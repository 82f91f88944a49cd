"""Every operation with its local derivatives, one file a family.

Importing this package fills the registry. The functions beside NumPy's that it exports
(``relu``, ``softmax``, ``linear``...) are re-exported by the public face.
"""

from . import (
    activation,
    arithmetic,
    building,
    contraction,
    diagonal,
    exponential,
    extreme,
    fft,
    indexing,
    joining,
    loss,
    nan,
    ordering,
    padding,
    rearranging,
    reduction,
    rounding,
    selection,
    shape,
    stacking,
    statistics,
    taking,
    trigonometric,
)

__all__ = [
    "activation",
    "arithmetic",
    "building",
    "contraction",
    "diagonal",
    "exponential",
    "extreme",
    "fft",
    "indexing",
    "joining",
    "loss",
    "nan",
    "ordering",
    "padding",
    "rearranging",
    "reduction",
    "rounding",
    "selection",
    "shape",
    "stacking",
    "statistics",
    "taking",
    "trigonometric",
]
