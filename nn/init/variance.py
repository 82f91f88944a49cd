"""Weights whose spread is chosen so that signals keep their size from layer to layer.

A weight of shape (out, in) has `fan_in = in` and `fan_out = out`; a convolution's
(out, in, *window) counts the window in both. The aim of every formula is that the variance of
the values (fan_in) or of the gradients (fan_out) stays the same from layer to layer.

Sources:

- Xavier/Glorot: Glorot & Bengio, "Understanding the difficulty of training deep feedforward
  neural networks", AISTATS 2010, equation 16: variance 2 / (fan_in + fan_out), the compromise.
- He/Kaiming: He, Zhang, Ren & Sun, "Delving deep into rectifiers", ICCV 2015, equation 10:
  variance 2 / fan_in, because a ReLU passes half of it.
- LeCun: LeCun, Bottou, Orr & Müller, "Efficient BackProp", 1998, section 4.6: variance 1 / fan_in.

A uniform distribution on [-a, a] has variance a^2 / 3, hence each `sqrt(3 * variance)`.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from numpy.typing import DTypeLike, NDArray

import autograd_core as ag

from ..errors import check_generator
from .plain import Shape, normal, uniform

__all__ = [
    "fans",
    "he_normal",
    "he_uniform",
    "lecun_normal",
    "lecun_uniform",
    "xavier_normal",
    "xavier_uniform",
]


def fans(shape: Shape) -> tuple[int, int]:
    """How many values feed one unit, and how many units one value feeds.

    Parameters
    ----------
    shape : tuple of int
        (out, in) or (out, in, *window).

    Raises
    ------
    ShapeError
        The shape has fewer than two dimensions, so "in" and "out" mean nothing.

    Examples
    --------
    >>> fans((10, 784)), fans((16, 3, 5, 5))
    ((784, 10), (75, 400))
    """
    if len(shape) < 2:
        raise ag.ShapeError(
            f"init: shape {shape} has no fan-in and fan-out; an (out, in) weight is needed. "
            "For a bias or a scale use nn.init.zeros, uniform or normal"
        )
    window = math.prod(shape[2:])
    return shape[1] * window, shape[0] * window


def xavier_uniform(
    shape: Shape, rng: np.random.Generator, dtype: DTypeLike = np.float32, *, gain: float = 1.0
) -> NDArray[Any]:
    """Glorot's uniform on ±gain * sqrt(6 / (fan_in + fan_out)): for tanh, sigmoid, linear units.

    Examples
    --------
    >>> import numpy as np
    >>> bool(np.abs(xavier_uniform((3, 3), np.random.default_rng(0))).max() <= 1.0)
    True
    """
    check_generator("xavier_uniform", rng, needed=True)
    fan_in, fan_out = fans(shape)
    bound = gain * math.sqrt(3.0 * 2.0 / (fan_in + fan_out))
    return uniform(shape, rng, dtype, low=-bound, high=bound)


def xavier_normal(
    shape: Shape, rng: np.random.Generator, dtype: DTypeLike = np.float32, *, gain: float = 1.0
) -> NDArray[Any]:
    """Glorot's normal, standard deviation gain * sqrt(2 / (fan_in + fan_out)).

    Examples
    --------
    >>> import numpy as np
    >>> xavier_normal((100, 100), np.random.default_rng(0)).std().round(1)
    np.float32(0.1)
    """
    check_generator("xavier_normal", rng, needed=True)
    fan_in, fan_out = fans(shape)
    return normal(shape, rng, dtype, std=gain * math.sqrt(2.0 / (fan_in + fan_out)))


def he_uniform(
    shape: Shape, rng: np.random.Generator, dtype: DTypeLike = np.float32
) -> NDArray[Any]:
    """He's uniform on ±sqrt(6 / fan_in): for ReLU.

    Examples
    --------
    >>> import numpy as np
    >>> bool(np.abs(he_uniform((5, 6), np.random.default_rng(0))).max() <= 1.0)
    True
    """
    check_generator("he_uniform", rng, needed=True)
    bound = math.sqrt(3.0 * 2.0 / fans(shape)[0])
    return uniform(shape, rng, dtype, low=-bound, high=bound)


def he_normal(
    shape: Shape, rng: np.random.Generator, dtype: DTypeLike = np.float32
) -> NDArray[Any]:
    """He's normal, standard deviation sqrt(2 / fan_in): for ReLU.

    Examples
    --------
    >>> import numpy as np
    >>> he_normal((100, 200), np.random.default_rng(0)).std().round(1)
    np.float32(0.1)
    """
    check_generator("he_normal", rng, needed=True)
    return normal(shape, rng, dtype, std=math.sqrt(2.0 / fans(shape)[0]))


def lecun_uniform(
    shape: Shape, rng: np.random.Generator, dtype: DTypeLike = np.float32
) -> NDArray[Any]:
    """LeCun's uniform on ±sqrt(3 / fan_in): for tanh-like and self-normalising units.

    Examples
    --------
    >>> import numpy as np
    >>> bool(np.abs(lecun_uniform((5, 3), np.random.default_rng(0))).max() <= 1.0)
    True
    """
    check_generator("lecun_uniform", rng, needed=True)
    bound = math.sqrt(3.0 / fans(shape)[0])
    return uniform(shape, rng, dtype, low=-bound, high=bound)


def lecun_normal(
    shape: Shape, rng: np.random.Generator, dtype: DTypeLike = np.float32
) -> NDArray[Any]:
    """LeCun's normal, standard deviation sqrt(1 / fan_in).

    Examples
    --------
    >>> import numpy as np
    >>> lecun_normal((100, 100), np.random.default_rng(0)).std().round(1)
    np.float32(0.1)
    """
    check_generator("lecun_normal", rng, needed=True)
    return normal(shape, rng, dtype, std=math.sqrt(1.0 / fans(shape)[0]))
