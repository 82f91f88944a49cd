"""Initialisers: how the weights of a layer start.

Each takes a shape and a `numpy.random.Generator` and returns an array; nothing here reads global
random state.

==============  ========================================================
``plain``       zeros, normal, uniform, truncated normal
``variance``    Xavier, He, LeCun: spreads that keep signals their size
``structured``  orthogonal, identity, sparse
==============  ========================================================
"""

from __future__ import annotations

from ..errors import suggestion
from .plain import Initializer as Initializer
from .plain import Shape as Shape
from .plain import normal, truncated_normal, uniform, zeros
from .structured import identity, orthogonal, sparse
from .variance import (
    fans,
    he_normal,
    he_uniform,
    lecun_normal,
    lecun_uniform,
    xavier_normal,
    xavier_uniform,
)

__all__ = [
    "INITIALIZERS",
    "Initializer",
    "fans",
    "find",
    "he_normal",
    "he_uniform",
    "identity",
    "lecun_normal",
    "lecun_uniform",
    "normal",
    "orthogonal",
    "sparse",
    "truncated_normal",
    "uniform",
    "xavier_normal",
    "xavier_uniform",
    "zeros",
]

INITIALIZERS: dict[str, Initializer] = {
    "zeros": zeros,
    "normal": normal,
    "uniform": uniform,
    "xavier_uniform": xavier_uniform,
    "xavier_normal": xavier_normal,
    "he_uniform": he_uniform,
    "he_normal": he_normal,
    "lecun_uniform": lecun_uniform,
    "lecun_normal": lecun_normal,
    "truncated_normal": truncated_normal,
    "orthogonal": orthogonal,
    "identity": identity,
    "sparse": sparse,
    # The first authors' family names and given names are both in use for the same formula.
    "glorot_uniform": xavier_uniform,
    "glorot_normal": xavier_normal,
    "kaiming_uniform": he_uniform,
    "kaiming_normal": he_normal,
}


def find(init: str | Initializer) -> Initializer:
    """The initialiser of this name; a function is returned as it is.

    Examples
    --------
    >>> find("he_normal") is he_normal
    True
    """
    if callable(init):
        return init
    if init not in INITIALIZERS:
        raise ValueError(f"unknown initialiser {init!r}: {suggestion(init, INITIALIZERS)}")
    return INITIALIZERS[init]
