"""Layers of a transformer, encoder and decoder, with PyTorch's parameters, and stacks of them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import DTypeLike

import autograd_core as ag

from .attention import MultiHeadAttention
from .containers import ModuleList
from .dropout import Dropout
from .errors import check_whole, given_or_new
from .layers import Linear
from .module import Module
from .normalization import LayerNorm

ACTIVATIONS: dict[str, Callable[[Any], Any]] = {"relu": ag.relu, "gelu": ag.gelu}


class _Layer(Module):
    """What both kinds of layers have in common: the feed-forward part and how parts are joined."""

    def __init__(
        self,
        d_model: int,
        nhead: int,
        dim_feedforward: int = 2048,
        dropout: float = 0.1,
        activation: str | Callable[[Any], Any] = "relu",
        layer_norm_eps: float = 1e-5,
        norm_first: bool = False,
        bias: bool = True,
        *,
        rng: np.random.Generator | None = None,
        dtype: DTypeLike = np.float32,
    ) -> None:
        name = type(self).__name__
        check_whole(name, "dim_feedforward", dim_feedforward)
        if not callable(activation) and activation not in ACTIVATIONS:
            raise ValueError(
                f"{name}: activation is 'relu', 'gelu' or a function; got {activation!r}"
            )
        rng = given_or_new(name, rng)
        self.activation = activation
        self.norm_first = norm_first

        def attention() -> MultiHeadAttention:
            return MultiHeadAttention(d_model, nhead, dropout, bias, rng=rng, dtype=dtype)

        def norm() -> LayerNorm:
            return LayerNorm(d_model, layer_norm_eps, bias=bias, dtype=dtype)

        self.self_attn = attention()
        if self.parts == 3:
            self.multihead_attn = attention()
        self.linear1 = Linear(d_model, dim_feedforward, bias, rng=rng, dtype=dtype)
        self.linear2 = Linear(dim_feedforward, d_model, bias, rng=rng, dtype=dtype)
        self.norm1, self.norm2 = norm(), norm()
        if self.parts == 3:
            self.norm3 = norm()
        self.dropout = Dropout(dropout, rng=rng)

    parts = 2

    def _add(self, x: Any, norm: Module, part: Callable[[Any], Any]) -> Any:
        """Add to x what the part makes of it, normalised before the part or after the sum."""
        if self.norm_first:
            return x + self.dropout(part(norm(x)))
        return norm(x + self.dropout(part(x)))

    def _feed_forward(self, x: Any) -> Any:
        activation = self.activation
        function = activation if callable(activation) else ACTIVATIONS[activation]
        return self.linear2(self.dropout(function(self.linear1(x))))

    def extra_repr(self) -> str:
        """The activation, and whether normalisation comes first."""
        activation = self.activation
        name = activation if isinstance(activation, str) else type(activation).__name__
        shown = [] if name == "relu" else [f"activation={name!r}"]
        return ", ".join([*shown, *["norm_first=True"] * self.norm_first])


class TransformerEncoderLayer(_Layer):
    """Self-attention, then a small network at each place, each with a residual connection.

    Parameters are named as PyTorch's. The batch comes first.

    Parameters
    ----------
    d_model : int
        Length of one place's vector.
    nhead : int
        Heads of the attention.
    dim_feedforward : int, default 2048
        Width inside the network at each place.
    dropout : float, default 0.1
        Of the attention's weights, inside the network, and of what is added.
    activation : {"relu", "gelu"} or callable, default "relu"
    layer_norm_eps : float, default 1e-5
    norm_first : bool, default False
        Whether to normalise what goes into each part, rather than each sum. Deep stacks train
        more easily so (Xiong et al., "On layer normalization in the transformer architecture",
        2020).
    bias : bool, default True
        Whether linear maps and normalisations have biases.
    rng : numpy.random.Generator, optional
        Where weights and dropout come from. Without it they differ from run to run.
    dtype : data-type, default float32
        Of the parameters.

    Notes
    -----
    Vaswani et al., "Attention is all you need", NeurIPS 2017, section 3.1.

    Examples
    --------
    >>> import numpy as np, nn
    >>> layer = nn.TransformerEncoderLayer(8, 2, 16, rng=np.random.default_rng(0))
    >>> layer(np.ones((3, 5, 8), np.float32), is_causal=True).shape
    (3, 5, 8)
    """

    def forward(
        self,
        src: Any,
        src_mask: Any = None,
        src_key_padding_mask: Any = None,
        is_causal: bool = False,
    ) -> Any:
        """Map (batch, places, d_model) to the same shape; masks as of MultiHeadAttention."""

        def attend(x: Any) -> Any:
            return self.self_attn(
                x, key_padding_mask=src_key_padding_mask, attn_mask=src_mask, is_causal=is_causal
            )

        x = self._add(src, self.norm1, attend)
        return self._add(x, self.norm2, self._feed_forward)


class TransformerDecoderLayer(_Layer):
    """As the encoder's layer, with attention to the encoder's output between the two parts.

    Parameters
    ----------
    d_model, nhead, dim_feedforward, dropout, activation, layer_norm_eps, norm_first, bias
        As those of :class:`TransformerEncoderLayer`.
    rng, dtype
        As well.

    Examples
    --------
    >>> import numpy as np, nn
    >>> layer = nn.TransformerDecoderLayer(8, 2, 16, rng=np.random.default_rng(0))
    >>> target, memory = np.ones((3, 5, 8), np.float32), np.ones((3, 7, 8), np.float32)
    >>> layer(target, memory, tgt_is_causal=True).shape
    (3, 5, 8)
    """

    parts = 3

    def forward(
        self,
        tgt: Any,
        memory: Any,
        tgt_mask: Any = None,
        memory_mask: Any = None,
        tgt_key_padding_mask: Any = None,
        memory_key_padding_mask: Any = None,
        tgt_is_causal: bool = False,
        memory_is_causal: bool = False,
    ) -> Any:
        """Map (batch, targets, d_model) to the same shape; memory is (batch, sources, d_model)."""

        def attend(x: Any) -> Any:
            return self.self_attn(
                x,
                key_padding_mask=tgt_key_padding_mask,
                attn_mask=tgt_mask,
                is_causal=tgt_is_causal,
            )

        def look(x: Any) -> Any:
            return self.multihead_attn(
                x,
                memory,
                key_padding_mask=memory_key_padding_mask,
                attn_mask=memory_mask,
                is_causal=memory_is_causal,
            )

        x = self._add(tgt, self.norm1, attend)
        x = self._add(x, self.norm2, look)
        return self._add(x, self.norm3, self._feed_forward)


class _Stack(Module):
    """Layers one after the other, and a normalisation at the end if one is given."""

    def __init__(
        self, make_layer: Callable[[], Module], num_layers: int, norm: Module | None = None
    ) -> None:
        check_whole(type(self).__name__, "num_layers", num_layers)
        if isinstance(make_layer, Module) or not callable(make_layer):
            raise TypeError(
                f"{type(self).__name__}: give a function that makes a layer, so that each has "
                "weights of its own: lambda: nn.TransformerEncoderLayer(128, 4)"
            )
        self.layers = ModuleList(make_layer() for _ in range(num_layers))
        self.norm = norm


class TransformerEncoder(_Stack):
    """A stack of encoder layers.

    Parameters
    ----------
    make_layer : callable
        Called for each layer, so that each starts with weights of its own. (PyTorch is given one
        layer, which it copies with its weights.)
    num_layers : int
    norm : Module, optional
        At the end; a stack with ``norm_first`` wants one.

    Examples
    --------
    >>> import numpy as np, nn
    >>> make = lambda: nn.TransformerEncoderLayer(8, 2, 16, norm_first=True)
    >>> model = nn.TransformerEncoder(make, 2, nn.LayerNorm(8))
    >>> model(np.ones((3, 5, 8), np.float32), is_causal=True).shape
    (3, 5, 8)
    """

    def forward(
        self,
        src: Any,
        mask: Any = None,
        src_key_padding_mask: Any = None,
        is_causal: bool = False,
    ) -> Any:
        """Map (batch, places, d_model) to the same shape."""
        for layer in self.layers:
            src = layer(src, mask, src_key_padding_mask, is_causal)
        return src if self.norm is None else self.norm(src)


class TransformerDecoder(_Stack):
    """A stack of decoder layers.

    Parameters
    ----------
    make_layer : callable
        Called for each layer, so that each starts with weights of its own.
    num_layers : int
    norm : Module, optional
        At the end.

    Examples
    --------
    >>> import numpy as np, nn
    >>> model = nn.TransformerDecoder(lambda: nn.TransformerDecoderLayer(8, 2, 16), 2)
    >>> target, memory = np.ones((3, 5, 8), np.float32), np.ones((3, 7, 8), np.float32)
    >>> model(target, memory, tgt_is_causal=True).shape
    (3, 5, 8)
    """

    def forward(self, tgt: Any, memory: Any, **masks: Any) -> Any:
        """Map (batch, targets, d_model) to the same shape; masks as of the layer."""
        for layer in self.layers:
            tgt = layer(tgt, memory, **masks)
        return tgt if self.norm is None else self.norm(tgt)
