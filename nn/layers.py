"""Layers that multiply by weights: Linear, Bilinear, and the multi-layer perceptron."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import DTypeLike

import autograd_core as ag

from . import init as initializers
from .activations import make_activation
from .containers import Sequential
from .errors import check_whole, given_or_new
from .init import Initializer
from .module import Module
from .parameter import Parameter
from .rectifiers import LeakyReLU, PReLU, ReLU, ReLU6, Softplus


class Linear(Module):
    """y = x @ weight.T + bias.

    Parameters
    ----------
    in_features, out_features : int
        Length of one row of the input and of the output.
    bias : bool, default True
        Whether there is a bias; it starts at zero.
    init : str or function, default "xavier_uniform"
        An initialiser of `nn.init`, by name or itself.
    rng : numpy.random.Generator, optional
        Where the random weights come from. Without it they differ from run to run.
    dtype : data-type, default float32
        Of the parameters.

    Attributes
    ----------
    weight : Parameter of shape (out_features, in_features)
    bias : Parameter of shape (out_features,), or None

    Examples
    --------
    >>> import numpy as np, nn
    >>> layer = nn.Linear(3, 2, rng=np.random.default_rng(0))
    >>> layer(np.ones((5, 3), np.float32)).shape
    (5, 2)
    """

    def __init__(
        self,
        in_features: int,
        out_features: int,
        bias: bool = True,
        *,
        init: str | Initializer = "xavier_uniform",
        rng: np.random.Generator | None = None,
        dtype: DTypeLike = np.float32,
    ) -> None:
        check_whole("Linear", "in_features", in_features)
        check_whole("Linear", "out_features", out_features)
        self.in_features = in_features
        self.out_features = out_features
        values = initializers.find(init)(
            (out_features, in_features), given_or_new("Linear", rng), dtype
        )
        self.weight = Parameter(values, dtype=dtype)
        self.bias = Parameter(np.zeros(out_features), dtype=dtype) if bias else None

    def forward(self, x: Any) -> Any:
        """Map rows of shape (..., in_features) to (..., out_features)."""
        return ag.linear(x, self.weight, self.bias)

    def multiply_adds(self, inputs: tuple[Any, ...], output: Any) -> int:  # noqa: ARG002
        """`in_features` for each number that comes out."""
        return int(output.size) * self.in_features

    def extra_repr(self) -> str:
        """The two widths."""
        without = ", bias=False" if self.bias is None else ""
        return f"{self.in_features}, {self.out_features}{without}"


class Bilinear(Module):
    """y[k] = a @ weight[k] @ b + bias[k]: every product of the two inputs' features.

    Parameters
    ----------
    first_features, second_features, out_features : int
        Length of one row of each input, and of the output.
    bias : bool, default True
        Whether there is a bias; it starts at zero.
    init : str or function, default "xavier_uniform"
        An initialiser of `nn.init`, by name or itself.
    rng : numpy.random.Generator, optional
        Where the random weights come from. Without it they differ from run to run.
    dtype : data-type, default float32
        Of the parameters.

    Attributes
    ----------
    weight : Parameter of shape (out_features, first_features, second_features)
    bias : Parameter of shape (out_features,), or None

    Examples
    --------
    >>> import numpy as np, nn
    >>> layer = nn.Bilinear(3, 4, 2, rng=np.random.default_rng(0))
    >>> layer(np.ones((5, 3), np.float32), np.ones((5, 4), np.float32)).shape
    (5, 2)
    """

    def __init__(
        self,
        first_features: int,
        second_features: int,
        out_features: int,
        bias: bool = True,
        *,
        init: str | Initializer = "xavier_uniform",
        rng: np.random.Generator | None = None,
        dtype: DTypeLike = np.float32,
    ) -> None:
        for name, value in (
            ("first_features", first_features),
            ("second_features", second_features),
            ("out_features", out_features),
        ):
            check_whole("Bilinear", name, value)
        self.features = (first_features, second_features, out_features)
        shape = (out_features, first_features * second_features)
        rng = given_or_new("Bilinear", rng)
        values = initializers.find(init)(shape, rng, dtype)
        self.weight = Parameter(
            values.reshape(out_features, first_features, second_features), dtype=dtype
        )
        self.bias = Parameter(np.zeros(out_features), dtype=dtype) if bias else None

    def forward(self, a: Any, b: Any) -> Any:
        """Map rows of (..., first_features) and (..., second_features) to (..., out_features)."""
        first, second, _ = self.features
        if a.shape[-1:] != (first,) or b.shape != (*a.shape[:-1], second):
            raise ag.ShapeError(
                f"Bilinear: the inputs must have shapes (..., {first}) and (..., {second}), with "
                f"the same axes before; got {a.shape} and {b.shape}"
            )
        # All products of features, then one matrix product: quicker than three nested sums.
        products = a[..., :, None] * b[..., None, :]
        flat = products.reshape(*a.shape[:-1], first * second)
        return ag.linear(flat, self.weight.reshape(-1, first * second), self.bias)

    def multiply_adds(self, inputs: tuple[Any, ...], output: Any) -> int:  # noqa: ARG002
        """All products of features once, then as many for each number that comes out."""
        products = self.features[0] * self.features[1]
        return products * (int(output.size) // self.features[2] + int(output.size))

    def extra_repr(self) -> str:
        """The three widths."""
        without = ", bias=False" if self.bias is None else ""
        return ", ".join(map(str, self.features)) + without


class MLP(Sequential):
    """A multi-layer perceptron: Linear layers with an activation between them.

    Parameters
    ----------
    in_features : int
        Length of one input row.
    hidden : sequence of int
        Width of each hidden layer; empty for a linear model.
    out_features : int
        Length of one output row.
    activation : str, Module class or Module, default "relu"
        Between the layers.
    output_activation : str, Module class or Module, optional
        After the last layer. `cross_entropy` wants none.
    init : str or function, optional
        Of the weights. Default: He's normal before a ReLU, also a leaky one, or softplus;
        Glorot's uniform elsewhere.
    rng : numpy.random.Generator, optional
        Where the random weights come from. Without it they differ from run to run.
    dtype : data-type, default float32
        Of the parameters.

    Examples
    --------
    >>> import numpy as np, nn
    >>> model = nn.MLP(784, [30], 10, activation="sigmoid", rng=np.random.default_rng(0))
    >>> model
    MLP(
      (0): Linear(784, 30)
      (1): Sigmoid()
      (2): Linear(30, 10)
    )
    >>> model(np.zeros((5, 784), np.float32)).shape
    (5, 10)
    """

    def __init__(
        self,
        in_features: int,
        hidden: Sequence[int],
        out_features: int,
        activation: str | type[Module] | Module = "relu",
        output_activation: str | type[Module] | Module | None = None,
        *,
        init: str | Initializer | None = None,
        rng: np.random.Generator | None = None,
        dtype: DTypeLike = np.float32,
    ) -> None:
        _check_widths(hidden)
        rng = given_or_new("MLP", rng)
        widths = [in_features, *hidden, out_features]
        layers: list[Module] = []
        for position, (width_in, width_out) in enumerate(pairwise(widths)):
            last = position == len(hidden)
            after = output_activation if last else activation
            module = None if after is None else make_activation(after)
            rectifies = isinstance(module, ReLU | ReLU6 | LeakyReLU | PReLU | Softplus)
            chosen = init or ("he_normal" if rectifies else "xavier_uniform")
            layers.append(Linear(width_in, width_out, init=chosen, rng=rng, dtype=dtype))
            if module is not None:
                layers.append(module)
        super().__init__(*layers)


def _check_widths(hidden: Any) -> None:
    if not isinstance(hidden, Sequence) or isinstance(hidden, str):
        raise TypeError(f"MLP: hidden is {hidden!r}; give the widths as a list, such as [64, 32]")
