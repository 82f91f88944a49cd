"""Initialisers: how the weights of a layer start.

Each takes a shape and a `numpy.random.Generator` and returns an array; nothing here reads global
random state. A weight of shape (out, in) has `fan_in = in` and `fan_out = out`; a convolution's
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
from collections.abc import Callable
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import DTypeLike, NDArray

import autograd_core as ag

from .errors import suggestion

Shape = tuple[int, ...]
# A string, because naming numpy.random loads it, and that takes as long as loading the engine.
Initializer: TypeAlias = "Callable[[Shape, np.random.Generator, DTypeLike], NDArray[Any]]"


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


def zeros(
    shape: Shape,
    rng: np.random.Generator | None = None,  # noqa: ARG001 - as every initialiser
    dtype: DTypeLike = np.float32,
) -> NDArray[Any]:
    """All zero: for biases (weights that start equal stay equal, and no unit learns its own part).

    Examples
    --------
    >>> zeros((2,))
    array([0., 0.], dtype=float32)
    """
    return np.zeros(shape, dtype)


def normal(
    shape: Shape,
    rng: np.random.Generator,
    dtype: DTypeLike = np.float32,
    *,
    mean: float = 0.0,
    std: float = 1.0,
) -> NDArray[Any]:
    """Normally distributed with this mean and standard deviation.

    Examples
    --------
    >>> import numpy as np
    >>> normal((1000,), np.random.default_rng(0), std=0.1).std().round(2)
    np.float32(0.1)
    """
    return rng.normal(mean, std, shape).astype(dtype)


def uniform(
    shape: Shape,
    rng: np.random.Generator,
    dtype: DTypeLike = np.float32,
    *,
    low: float = -1.0,
    high: float = 1.0,
) -> NDArray[Any]:
    """Uniformly distributed on [low, high).

    Examples
    --------
    >>> import numpy as np
    >>> array = uniform((1000,), np.random.default_rng(0), low=0.0, high=2.0)
    >>> array.min() >= 0.0 and array.max() <= 2.0
    np.True_
    """
    return rng.uniform(low, high, shape).astype(dtype)


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
    return normal(shape, rng, dtype, std=math.sqrt(1.0 / fans(shape)[0]))


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
