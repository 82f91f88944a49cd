"""Recurrent layers: RNN, LSTM and GRU, over batches of sequences of different lengths.

Parameters are named and laid out as PyTorch's, so state dicts can be exchanged; unlike there, the
batch comes first unless ``batch_first=False``. Back-propagation through time is one operation of
the engine a layer and direction.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from numpy.typing import DTypeLike

import autograd_core as ag

from .dropout import Dropout
from .errors import check_whole, given_or_new
from .module import Module
from .parameter import Parameter
from .sequence_masks import steps_that_count

NONLINEARITIES = ("tanh", "relu")


class Recurrent(Module):
    """What RNN, LSTM and GRU have in common; use one of those.

    Parameters
    ----------
    input_size, hidden_size : int
        Length of one step's input and of the state.
    num_layers : int, default 1
        Each layer reads the outputs of the one before.
    bias : bool, default True
        Whether there are biases.
    batch_first : bool, default True
        Whether sequences are (batch, steps, ...), else (steps, batch, ...).
    dropout : float, default 0
        Of each layer's outputs but the last one's, in training.
    bidirectional : bool, default False
        Whether each layer also reads backwards, from each sequence's own end.
    rng : numpy.random.Generator, optional
        Where weights and dropout come from. Without it they differ from run to run.
    dtype : data-type, default float32
        Of the parameters.
    """

    gates = 1
    states = 1
    weight_hh_l0: Parameter

    def __init__(
        self,
        input_size: int,
        hidden_size: int,
        num_layers: int = 1,
        bias: bool = True,
        batch_first: bool = True,
        dropout: float = 0.0,
        bidirectional: bool = False,
        *,
        rng: np.random.Generator | None = None,
        dtype: DTypeLike = np.float32,
    ) -> None:
        sizes = {"input_size": input_size, "hidden_size": hidden_size, "num_layers": num_layers}
        for name, size in sizes.items():
            check_whole(type(self).__name__, name, size)
        self.input_size = input_size
        self.hidden_size = hidden_size
        self.num_layers = num_layers
        self.bias = bias
        self.batch_first = batch_first
        self.bidirectional = bidirectional
        rng = given_or_new(type(self).__name__, rng)
        bound = 1 / math.sqrt(hidden_size)
        rows = self.gates * hidden_size
        for layer in range(num_layers):
            inputs = self._inputs(layer)
            for suffix in self._suffixes(layer):
                shapes = {"weight_ih": (rows, inputs), "weight_hh": (rows, hidden_size)}
                if bias:
                    shapes |= {"bias_ih": (rows,), "bias_hh": (rows,)}  # type: ignore[dict-item]
                for name, shape in shapes.items():
                    values = rng.uniform(-bound, bound, shape)
                    setattr(self, name + suffix, Parameter(values, dtype=dtype))
        self.dropout = Dropout(dropout, rng=rng) if dropout else None

    def _inputs(self, layer: int) -> int:
        return self.hidden_size * self._directions if layer else self.input_size

    def _suffixes(self, layer: int) -> tuple[str, ...]:
        return (f"_l{layer}", f"_l{layer}_reverse")[: self._directions]

    @property
    def _directions(self) -> int:
        return 2 if self.bidirectional else 1

    def forward(self, x: Any, state: Any = None, *, lengths: Any = None, mask: Any = None) -> Any:
        """Run over the sequences.

        Parameters
        ----------
        x : Tensor or array, shape (batch, steps, input_size)
            Or (steps, batch, input_size), with ``batch_first=False``.
        state : optional
            The state to start from: of an LSTM a pair (hidden, cell), else hidden alone; each of
            shape (num_layers * directions, batch, hidden_size). Zeros where left out. To train
            through a part of a long sequence only, go on from the ``detach()`` of the last state.
        lengths : sequence of int, shape (batch,), optional
            How many steps of each sequence count, the first ones; the rest is padding.
        mask : array of bool, shape (batch, steps), optional
            Instead of lengths: True where a step counts. Axes in the order of those of `x`.

        Returns
        -------
        output : Tensor, shape (batch, steps, directions * hidden_size)
            The last layer's output at each step; 0 at padding.
        state
            Of each layer and direction, after the last step that counts; shaped as `state`.

        Raises
        ------
        ShapeError
            If x, state, lengths or mask do not fit.
        """
        name = type(self).__name__
        if not hasattr(x, "ndim"):
            what = f"{type(x).__name__} of {len(x)}" if hasattr(x, "__len__") else repr(x)
            raise ag.DTypeError(
                f"{name}: the input must be an array or a Tensor; got {what}. Of what another "
                "recurrent layer returns, give the outputs alone: outputs, state = other(x)"
            )
        if x.ndim != 3 or x.shape[2] != self.input_size or not x.shape[0] * x.shape[1]:
            axes = "(batch, steps" if self.batch_first else "(steps, batch"
            raise ag.ShapeError(
                f"{name}: the input must have shape {axes}, {self.input_size}), of one sequence "
                f"and one step at least; it has shape {tuple(x.shape)}"
            )
        live = steps_that_count(name, x.shape[:2], self.batch_first, lengths, mask)
        if self.batch_first:
            x = np.swapaxes(x, 0, 1)
        starts = self._starts(state, x.shape[1])
        ends: list[tuple[Any, ...]] = []
        for layer in range(self.num_layers):
            if layer and self.dropout is not None:
                x = self.dropout(x)
            outputs = []
            for direction, suffix in enumerate(self._suffixes(layer)):
                start = [values[len(ends)] for values in starts]
                out, *end = self._scan(self._project(x, suffix), suffix, start, live, direction > 0)
                outputs.append(out)
                ends.append(tuple(end))
            x = outputs[0] if len(outputs) == 1 else np.concatenate(outputs, axis=2)
        last = [np.stack(parts) for parts in zip(*ends, strict=True)]
        return np.swapaxes(x, 0, 1) if self.batch_first else x, self._state(last)

    def _project(self, x: Any, suffix: str) -> Any:
        """The inputs of all steps times their weights: one product."""
        steps, batch, inputs = x.shape
        weight = getattr(self, "weight_ih" + suffix)
        out = ag.linear(x.reshape(steps * batch, inputs), weight, self._input_bias(suffix))
        return out.reshape(steps, batch, -1)

    def _input_bias(self, suffix: str) -> Any:
        """Both biases: what is added before a gate is added together."""
        if not self.bias:
            return None
        return getattr(self, "bias_ih" + suffix) + getattr(self, "bias_hh" + suffix)

    def _scan(self, x: Any, suffix: str, start: list[Any], mask: Any, reverse: bool) -> Any:
        raise NotImplementedError

    def _state(self, last: list[Any]) -> Any:
        return last[0]

    def _starts(self, state: Any, batch: int) -> list[Any]:
        shape = (self.num_layers * self._directions, batch, self.hidden_size)
        if state is None:
            return [np.zeros(shape, self.weight_hh_l0.dtype)] * self.states
        parts = list(state) if self.states > 1 and isinstance(state, list | tuple) else [state]
        if len(parts) != self.states or any(np.shape(part) != shape for part in parts):
            wanted = "a pair (hidden, cell), each" if self.states > 1 else "an array"
            given = ", ".join(str(np.shape(part)) for part in parts)
            raise ag.ShapeError(
                f"{type(self).__name__}: the state is {wanted} of shape (num_layers * directions, "
                f"batch, hidden_size) = {shape}; given: {given}"
            )
        return parts

    def multiply_adds(self, inputs: tuple[Any, ...], output: Any) -> int:  # noqa: ARG002
        """Each step: the weights of every layer and direction, once for each sequence."""
        weights = sum(
            parameter.size for name, parameter in self.named_parameters() if "weight" in name
        )
        return int(inputs[0].shape[0] * inputs[0].shape[1] * weights)

    def extra_repr(self) -> str:
        """The two sizes, and the options that are not the usual ones."""
        shown = [f"{self.input_size}, {self.hidden_size}"]
        shown += [f"num_layers={self.num_layers}"] if self.num_layers > 1 else []
        shown += [] if self.bias else ["bias=False"]
        shown += [] if self.batch_first else ["batch_first=False"]
        shown += ["bidirectional=True"] if self.bidirectional else []
        return ", ".join(shown)


class RNN(Recurrent):
    """Elman's network: ``h = tanh(W_ih x + b_ih + W_hh h + b_hh)`` at each step.

    Parameters
    ----------
    input_size, hidden_size : int
        Length of one step's input and of the state.
    num_layers : int, default 1
        Each layer reads the outputs of the one before.
    nonlinearity : {"tanh", "relu"}
    bias, batch_first, dropout, bidirectional, rng, dtype
        As those of :class:`LSTM`.

    Attributes
    ----------
    weight_ih_l0 : Parameter of shape (hidden_size, input_size)
    weight_hh_l0 : Parameter of shape (hidden_size, hidden_size)
    bias_ih_l0, bias_hh_l0 : Parameter of shape (hidden_size,)
        So for every layer, ``_l1``...; those that read backwards end in ``_reverse``.

    Notes
    -----
    Elman, "Finding structure in time", Cognitive Science 14, 1990.

    Examples
    --------
    >>> import numpy as np, nn
    >>> layer = nn.RNN(3, 4, rng=np.random.default_rng(0))
    >>> out, hidden = layer(np.ones((2, 5, 3), np.float32))
    >>> out.shape, hidden.shape
    ((2, 5, 4), (1, 2, 4))
    """

    def __init__(
        self,
        input_size: int,
        hidden_size: int,
        num_layers: int = 1,
        nonlinearity: str = "tanh",
        bias: bool = True,
        batch_first: bool = True,
        dropout: float = 0.0,
        bidirectional: bool = False,
        *,
        rng: np.random.Generator | None = None,
        dtype: DTypeLike = np.float32,
    ) -> None:
        if nonlinearity not in NONLINEARITIES:
            raise ValueError(f"RNN: nonlinearity is 'tanh' or 'relu', not {nonlinearity!r}")
        super().__init__(
            input_size,
            hidden_size,
            num_layers,
            bias,
            batch_first,
            dropout,
            bidirectional,
            rng=rng,
            dtype=dtype,
        )
        self.nonlinearity = nonlinearity

    def _scan(self, x: Any, suffix: str, start: list[Any], mask: Any, reverse: bool) -> Any:
        weight = getattr(self, "weight_hh" + suffix)
        return ag.rnn_scan(x, weight, *start, mask, self.nonlinearity, reverse)

    def extra_repr(self) -> str:
        """The two sizes, and the options that are not the usual ones."""
        shown = super().extra_repr()
        return shown + (", nonlinearity='relu'" if self.nonlinearity == "relu" else "")


class LSTM(Recurrent):
    """Long short-term memory: a cell state that gates write to, keep, and read from.

    Each step splits ``W_ih x + b_ih + W_hh h + b_hh`` into i, f, g, o and computes
    ``c = sigmoid(f) * c + sigmoid(i) * tanh(g)`` and ``h = sigmoid(o) * tanh(c)``.

    Parameters
    ----------
    input_size, hidden_size : int
        Length of one step's input and of the state.
    num_layers : int, default 1
        Each layer reads the outputs of the one before.
    bias : bool, default True
        Whether there are biases.
    batch_first : bool, default True
        Whether sequences are (batch, steps, ...), else (steps, batch, ...). (PyTorch's default is
        the other.)
    dropout : float, default 0
        Of each layer's outputs but the last one's, in training.
    bidirectional : bool, default False
        Whether each layer also reads backwards, from each sequence's own end.
    rng : numpy.random.Generator, optional
        Where weights and dropout come from. Without it they differ from run to run.
    dtype : data-type, default float32
        Of the parameters.

    Attributes
    ----------
    weight_ih_l0 : Parameter of shape (4 * hidden_size, input_size)
    weight_hh_l0 : Parameter of shape (4 * hidden_size, hidden_size)
    bias_ih_l0, bias_hh_l0 : Parameter of shape (4 * hidden_size,)
        So for every layer, ``_l1``...; those that read backwards end in ``_reverse``.

    Notes
    -----
    Hochreiter and Schmidhuber, "Long short-term memory", Neural Computation 9, 1997; the forget
    gate is of Gers, Schmidhuber and Cummins, "Learning to forget", 2000.

    Examples
    --------
    >>> import numpy as np, nn
    >>> layer = nn.LSTM(3, 4, rng=np.random.default_rng(0))
    >>> out, (hidden, cell) = layer(np.ones((2, 5, 3), np.float32), lengths=[5, 2])
    >>> out.shape, hidden.shape
    ((2, 5, 4), (1, 2, 4))
    >>> bool(np.all(out.data[1, 2:] == 0)), bool(np.all(hidden.data[0, 1] == out.data[1, 1]))
    (True, True)

    Truncated back-propagation through time goes on from a state without its history:

    >>> state = (hidden.detach(), cell.detach())
    >>> out, state = layer(np.ones((2, 5, 3), np.float32), state)
    """

    gates = 4
    states = 2

    def _scan(self, x: Any, suffix: str, start: list[Any], mask: Any, reverse: bool) -> Any:
        return ag.lstm_scan(x, getattr(self, "weight_hh" + suffix), *start, mask, reverse)

    def _state(self, last: list[Any]) -> Any:
        return tuple(last)


class GRU(Recurrent):
    """Gated recurrent unit: one state, which a gate mixes with a candidate.

    Each step computes ``r = sigmoid(W_ir x + b_ir + W_hr h + b_hr)``, z alike, the candidate
    ``n = tanh(W_in x + b_in + r * (W_hn h + b_hn))`` and ``h = (1 - z) * n + z * h``.

    Parameters
    ----------
    input_size, hidden_size : int
        Length of one step's input and of the state.
    num_layers, bias, batch_first, dropout, bidirectional, rng, dtype
        As those of :class:`LSTM`.

    Attributes
    ----------
    weight_ih_l0 : Parameter of shape (3 * hidden_size, input_size)
    weight_hh_l0 : Parameter of shape (3 * hidden_size, hidden_size)
    bias_ih_l0, bias_hh_l0 : Parameter of shape (3 * hidden_size,)
        In the order r, z, n. So for every layer; those that read backwards end in ``_reverse``.

    Notes
    -----
    Cho et al., "Learning phrase representations using RNN encoder-decoder for statistical machine
    translation", 2014, with r applied after the product, as PyTorch and cuDNN do.

    Examples
    --------
    >>> import numpy as np, nn
    >>> layer = nn.GRU(3, 4, bidirectional=True, rng=np.random.default_rng(0))
    >>> out, hidden = layer(np.ones((2, 5, 3), np.float32))
    >>> out.shape, hidden.shape
    ((2, 5, 8), (2, 2, 4))
    """

    gates = 3

    def _input_bias(self, suffix: str) -> Any:
        return getattr(self, "bias_ih" + suffix) if self.bias else None

    def _scan(self, x: Any, suffix: str, start: list[Any], mask: Any, reverse: bool) -> Any:
        bias = getattr(self, "bias_hh" + suffix) if self.bias else None
        weight = getattr(self, "weight_hh" + suffix)
        return ag.gru_scan(x, weight, bias, *start, mask, reverse)
