"""How large the arrays of a layer are, by its arguments alone: asked before it is made."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from typing import Any

from .errors import StateDictError

Arguments = Mapping[str, Any]

# Of sines: 1 GiB in float64.
LARGEST_TABLE = 2**27
GATES = {"RNN": 1, "GRU": 3, "LSTM": 4}


def _convolution(a: Arguments) -> int:
    kernel = a["kernel_size"]
    window = math.prod(kernel) if isinstance(kernel, tuple) else kernel
    if isinstance(kernel, int) and a.get("images"):
        window = kernel**2
    pairs = a["in_channels"] * a["out_channels"]
    return int(pairs * window // a.get("groups", 1))


def _images(a: Arguments) -> int:
    return _convolution({**a, "images": True})


def _recurrent(gates: int) -> Callable[[Arguments], int]:
    def size(a: Arguments) -> int:
        hidden: int = a["hidden_size"]
        below = a["input_size"]
        if a.get("num_layers", 1) > 1:
            below = max(below, hidden * (2 if a.get("bidirectional") else 1))
        return int(gates * hidden * max(below, hidden))

    return size


def _transformer(a: Arguments) -> int:
    width: int = a["d_model"]
    return int(width * max(3 * width, a.get("dim_feedforward", 2048)))


def _normalized(a: Arguments) -> int:
    shape = a["normalized_shape"]
    return math.prod(shape) if isinstance(shape, tuple) else int(shape)


# Numbers in the largest array of a layer. A layer that is not here has none.
LARGEST: dict[str, Callable[[Arguments], int]] = {
    "Linear": lambda a: a["in_features"] * a["out_features"],
    "Bilinear": lambda a: a["first_features"] * a["second_features"] * a["out_features"],
    "Conv1d": _convolution,
    "Conv2d": _images,
    "ConvTranspose1d": _convolution,
    "ConvTranspose2d": _images,
    "Embedding": lambda a: a["num_embeddings"] * a["embedding_dim"],
    "LearnedPositions": lambda a: a["max_length"] * a["width"],
    "MultiHeadAttention": lambda a: 3 * a["embed_dim"] ** 2,
    "TransformerEncoderLayer": _transformer,
    "TransformerDecoderLayer": _transformer,
    "BatchNorm1d": lambda a: a["num_features"],
    "BatchNorm2d": lambda a: a["num_features"],
    "GroupNorm": lambda a: a["num_channels"],
    "LayerNorm": _normalized,
    "RMSNorm": _normalized,
    "PReLU": lambda a: a.get("channels", 1),
    **{name: _recurrent(gates) for name, gates in GATES.items()},
}


def check_size(name: str, arguments: Arguments, shapes: Mapping[str, tuple[int, ...]]) -> None:
    """Refuse a layer that is larger than all the weights it is to take.

    Parameters
    ----------
    name : str
        Its class.
    arguments : mapping
        What it would be made with, of the right types.
    shapes : mapping
        Of the weights, by name.

    Raises
    ------
    StateDictError
        Naming the layer, its size, and that of the largest weights.

    Examples
    --------
    >>> check_size("Linear", {"in_features": 2, "out_features": 3}, {"weight": (3, 2)})
    """
    if name == "SinusoidalPositions":
        _check_table(arguments)
    if name not in LARGEST:
        return
    try:
        count = LARGEST[name](arguments)
    except KeyError:
        return  # the constructor names what it lacks
    has_any = arguments.get("affine", arguments.get("elementwise_affine", True))
    if not has_any and "BatchNorm" not in name:
        count = 0
    most = max(map(math.prod, shapes.values()), default=0)
    layers = arguments.get("num_layers", 1)
    if count > most:
        raise StateDictError(
            f"{name}({_shown(arguments)}) has an array of {count:,} numbers, and the largest in "
            f"the file has {most:,}"
        )
    if name in GATES and layers > len(shapes):
        raise StateDictError(
            f"{name}({_shown(arguments)}) has {layers:,} layers, and the file holds "
            f"{len(shapes):,} arrays"
        )


def _check_table(arguments: Arguments) -> None:
    """Of what is computed when the layer is made, the file says nothing."""
    count = arguments.get("max_length", 0) * arguments.get("width", 0)
    if count > LARGEST_TABLE:
        raise StateDictError(
            f"SinusoidalPositions({_shown(arguments)}) has an array of {count:,} numbers; one that "
            f"is read from a file has at most {LARGEST_TABLE:,}. Make the model in code, and read "
            "its weights with nn.load"
        )


def _shown(arguments: Arguments) -> str:
    return ", ".join(f"{name}={value!r}" for name, value in arguments.items())
