"""A model as plain data, and back: class names of `nn` and the arguments they were made with.

`describe` gives what JSON can hold; `build` makes the same model of it, with zeros for weights.
No code is in the description, and none is run from it: `build` knows the classes of `nn` only, and
checks each argument against the constructor's signature.

A layer's arguments are not recorded when it is made. They are read from its attributes by the
names in its constructor's signature; the few that a layer keeps in another way stand in `READERS`.
"""

from __future__ import annotations

import inspect
import math
import sys
from collections.abc import Callable, Mapping
from types import SimpleNamespace
from typing import Any, TypeAlias, get_type_hints

import numpy as np

import autograd_core as ag

from .argument_types import fits, readable
from .array_sizes import check_size
from .containers import Sequential
from .errors import FileFormatError, StateDictError, suggestion
from .module import Module
from .parameter import Parameter
from .rectifiers import PReLU
from .state_names import tied_names

Description: TypeAlias = dict[str, Any]

# Of the start only; the weights are saved.
NOT_SAVED = {"self", "rng", "init", "scale"}
# Deeper nesting than any model has; a description made to exhaust the stack is refused.
DEEPEST = 60

Reader = Callable[[Any], Any]

# Arguments that a layer keeps under another name, by class and argument.
READERS: dict[tuple[str, str], Reader] = {
    ("Conv1d", "kernel_size"): lambda layer: layer.kernel_size[0],
    ("ConvTranspose1d", "kernel_size"): lambda layer: layer.kernel_size[0],
    ("Bilinear", "first_features"): lambda layer: layer.features[0],
    ("Bilinear", "second_features"): lambda layer: layer.features[1],
    ("Bilinear", "out_features"): lambda layer: layer.features[2],
    ("ModuleList", "modules"): lambda layer: layer.items,
    ("ModuleDict", "modules"): lambda layer: layer.items,
    ("MultiHeadAttention", "bias"): lambda layer: layer.in_proj_bias is not None,
}
for _layer in ("TransformerEncoderLayer", "TransformerDecoderLayer"):
    READERS |= {
        (_layer, "d_model"): lambda layer: layer.self_attn.embed_dim,
        (_layer, "nhead"): lambda layer: layer.self_attn.num_heads,
        (_layer, "dim_feedforward"): lambda layer: layer.linear1.out_features,
        (_layer, "layer_norm_eps"): lambda layer: layer.norm1.eps,
        (_layer, "bias"): lambda layer: layer.linear1.bias is not None,
    }

# Classes that are told how to make what is in them; they are described by what is in them.
STACKS = ("TransformerEncoder", "TransformerDecoder")

# Arguments that say whether there is a parameter.
PRESENCE = {"bias": "bias", "affine": "weight", "elementwise_affine": "weight"}


def describe(model: Module) -> Description:
    """The architecture of a model of `nn`'s own layers, as data for JSON.

    Raises
    ------
    TypeError
        There is a module in it that is not one of `nn`'s, or a parameter that no layer's
        arguments make.

    Examples
    --------
    >>> import nn
    >>> nn.describe(nn.Softmax(axis=1))
    {'model': {'class': 'Softmax', 'arguments': {'axis': 1}}, 'tied': [], 'frozen': []}
    """
    names = {id(module): name for name, module in model.named_modules()}
    description = {
        "model": _encode(model, "", {}, names),
        "tied": [list(names) for names in tied_names(model)],
        "frozen": [name for name, p in model.named_parameters() if not p.requires_grad],
    }
    twin = build(description)
    own, made = model.state_dict(), twin.state_dict()
    odd = [name for name in own if name not in made or own[name].shape != made[name].shape]
    odd += [name for name in made if name not in own]
    if odd:
        raise TypeError(
            f"describe: {', '.join(map(repr, odd))} is not what the layers' arguments make: a "
            "description holds nn's layers and their arguments only. Make the model anew in code "
            "and use nn.save and nn.load for its weights"
        )
    return description


def build(
    description: Description, *, shapes: Mapping[str, tuple[int, ...]] | None = None
) -> Module:
    """The model that `describe` described, with zeros for weights.

    Parameters
    ----------
    description : dict
    shapes : mapping of str to tuple of int, optional
        Of the weights that the model is to take. A layer that is larger than all of them is then
        refused before memory is taken for it.

    Raises
    ------
    FileFormatError
        The description names a class that `nn` does not have, or arguments that do not fit.
    StateDictError
        A layer is larger than the weights.

    Examples
    --------
    >>> import nn
    >>> nn.build(nn.describe(nn.MLP(2, [3], 1)))
    MLP(
      (0): Linear(2, 3)
      (1): ReLU()
      (2): Linear(3, 1)
    )
    """
    for key in ("model", "tied", "frozen"):
        if key not in description:
            raise FileFormatError(f"build: the description of a model lacks {key!r}")
    model = _decode(description["model"], "", _Made(shapes), 0)
    if not isinstance(model, Module):
        raise FileFormatError(f"build: the description is of {model!r}, not of a module")
    modules = dict(model.named_modules())
    for pair in description["tied"]:
        match pair:
            case [str(first), str(second)]:
                _tie(modules, first, second)
            case _:
                raise FileFormatError(f"build: a tie is two parameters' names; got {pair!r}")
    parameters = dict(model.named_parameters())
    for name in description["frozen"]:
        if name not in parameters:
            raise FileFormatError(f"build: 'frozen' names {name!r}, which is no parameter")
        parameters[name].requires_grad = False
    return model


def layer_classes() -> dict[str, type[Module]]:
    """Every module class that `nn` names: what a description can be made of.

    Examples
    --------
    >>> layer_classes()["Linear"].__module__
    'nn.layers'
    """
    face = sys.modules[__package__]
    named = {name: getattr(face, name) for name in face.__all__}
    return {
        name: value
        for name, value in named.items()
        if isinstance(value, type) and issubclass(value, Module) and value is not Module
    }


# --- from a model to data -------------------------------------------------------------------


def _encode(value: Any, path: str, seen: dict[int, str], names: Mapping[int, str]) -> Any:
    if isinstance(value, Module):
        return _encode_module(value, path, seen, names)
    if isinstance(value, dict):
        inner = {key: _encode(v, f"{path}.{key}", seen, names) for key, v in value.items()}
        return {"items": inner}
    if isinstance(value, list | tuple):
        return [_encode(v, f"{path}.{i}", seen, names) for i, v in enumerate(value)]
    if isinstance(value, np.generic):
        value = value.item()
    if isinstance(value, float) and not math.isfinite(value):
        return {"float": str(value)}  # JSON has no infinity
    if not (value is None or isinstance(value, bool | int | float | str)):
        raise TypeError(
            f"describe: the argument {path.rpartition('.')[2]!r} of a layer is {value!r}; a "
            "description holds numbers, texts and modules. An activation is given by name or as "
            "a module, such as nn.GELU()"
        )
    return value


def _encode_module(
    module: Module, path: str, seen: dict[int, str], names: Mapping[int, str]
) -> Description:
    if id(module) in seen:
        return {"shared": seen[id(module)]}
    seen[id(module)] = path
    kind = type(module)
    if layer_classes().get(kind.__name__) is not kind:
        name = names.get(id(module), "")
        what = f"the module {name!r}, of the class" if name else "the model, of the class"
        raise TypeError(
            f"describe: {what} {kind.__qualname__}, is not one of nn's own layers, and no file "
            "holds its code. Make it of nn's layers, or make the model in code and keep its "
            "weights with nn.save and nn.load"
        )
    arguments = {
        name: _encode(value, f"{path}.{name}", seen, names)
        for name, value in _arguments(module).items()
    }
    mode = {} if module.training else {"training": False}
    return {"class": kind.__name__, "arguments": arguments, **mode}


def _arguments(module: Module) -> dict[str, Any]:
    if isinstance(module, Sequential):  # an MLP too is what it is made of
        return {"layers": module.layers}
    if type(module).__name__ in STACKS:
        stack: Any = module
        return {"layers": list(stack.layers), "norm": stack.norm}
    found = {name: _argument(module, name) for name in _signature(type(module))}
    return {name: value for name, value in found.items() if value is not inspect.Parameter.empty}


def _signature(kind: type[Module]) -> list[str]:
    if kind.__init__ is object.__init__:
        return []
    return [name for name in inspect.signature(kind.__init__).parameters if name not in NOT_SAVED]


def _argument(module: Module, name: str) -> Any:
    if (reader := READERS.get((type(module).__name__, name))) is not None:
        return reader(module)
    if name == "dtype":
        return _dtype(module)
    if name == "dropout":  # kept as a Dropout, None or a number
        value: Any = getattr(module, name)
        return 0.0 if value is None else getattr(value, "p", value)
    if name in PRESENCE and not isinstance(getattr(module, name, None), bool):
        return getattr(module, PRESENCE[name]) is not None
    options = getattr(module, "options", {})
    return options[name] if name in options else getattr(module, name)


def _dtype(module: Module) -> Any:
    arrays: list[Any] = [*module.parameters(), *module.buffers()]
    kinds = [array.dtype.name for array in arrays if array.dtype.kind in "fc"]
    return kinds[0] if kinds else inspect.Parameter.empty


# --- from data to a model -------------------------------------------------------------------


class _Made(dict[str, Module]):
    """The modules made so far, by path; and the shapes of the weights, where they are known."""

    def __init__(self, shapes: Mapping[str, tuple[int, ...]] | None) -> None:
        super().__init__()
        self.shapes = shapes


def _decode(value: Any, path: str, made: _Made, depth: int) -> Any:
    if depth > DEEPEST:
        raise FileFormatError(f"build: the description nests deeper than {DEEPEST} levels")
    if isinstance(value, list):
        return tuple(_decode(v, f"{path}.{i}", made, depth + 1) for i, v in enumerate(value))
    if not isinstance(value, dict):
        return value
    match value:
        case {"class": str(name), "arguments": dict(arguments), **rest}:
            given = {
                key: _decode(v, f"{path}.{key}", made, depth + 1) for key, v in arguments.items()
            }
            made[path] = module = _make(name, given, made.shapes)
            if rest.get("training") is False:
                module.training = False
            return module
        case {"shared": str(where)} if where in made:
            return made[where]
        case {"items": dict(items)}:
            return {key: _decode(v, f"{path}.{key}", made, depth + 1) for key, v in items.items()}
        case {"float": "inf" | "-inf" | "nan" as text}:
            return float(text)
    raise FileFormatError(f"build: no module, list or number is described by {_short(value)}")


def _make(
    name: str, arguments: dict[str, Any], shapes: Mapping[str, tuple[int, ...]] | None
) -> Module:
    known = layer_classes()
    if name not in known:
        raise FileFormatError(f"build: {name!r} is no layer of nn: {suggestion(name, known)}")
    kind = known[name]
    try:
        if issubclass(kind, Sequential):
            module = kind.__new__(kind)
            Sequential.__init__(module, *arguments.pop("layers"), **arguments)
            return module
        if name in STACKS:
            layers = iter(arguments["layers"])
            make: Any = kind  # its signature is its own
            stack: Module = make(lambda: next(layers), len(arguments["layers"]), arguments["norm"])
            return stack
        _check_arguments(kind, arguments)
        if shapes is not None:
            check_size(name, arguments, shapes)
        accepted = inspect.signature(kind.__init__).parameters
        if "init" in accepted and kind is not PReLU:
            arguments["init"] = "zeros"  # no time spent on numbers that the saved ones replace
        return kind(**arguments)
    except (FileFormatError, StateDictError):
        raise
    except (TypeError, ValueError, KeyError, AttributeError, OverflowError, MemoryError) as error:
        raise FileFormatError(f"build: {name}({_shown(arguments)}): {error}") from error


def _check_arguments(kind: type[Module], arguments: dict[str, Any]) -> None:
    allowed = _signature(kind)
    hints = _hints(kind, allowed)
    for name, value in arguments.items():
        if name not in allowed:
            raise FileFormatError(
                f"build: {kind.__name__} has no argument {name!r}: {suggestion(name, allowed)}"
            )
        if name == "dtype":
            if not isinstance(value, str) or np.dtype(value).kind not in "fc":
                raise TypeError(f"dtype must name a floating type; got {value!r}")
        elif not fits(value, hints.get(name, Any)):
            raise TypeError(f"{name} must be {readable(hints[name])}; got {value!r}")


def _hints(kind: type[Module], names: list[str]) -> dict[str, Any]:
    """The types of these arguments; the other annotations may name what is not imported."""
    texts = {name: text for name, text in _annotations(kind).items() if name in names}
    texts.pop("dtype", None)
    scope = getattr(kind.__init__, "__globals__", {})
    return get_type_hints(SimpleNamespace(__annotations__=texts), globalns=scope)


def _annotations(kind: type[Module]) -> dict[str, Any]:
    return getattr(kind.__init__, "__annotations__", {})


def _tie(modules: dict[str, Module], first: str, second: str) -> None:
    source, _, name = first.rpartition(".")
    target, _, other = second.rpartition(".")
    parameter = vars(modules[source]).get(name) if source in modules else None
    replaced = vars(modules[target]).get(other) if target in modules else None
    if not isinstance(parameter, Parameter) or not isinstance(replaced, Parameter):
        raise FileFormatError(f"build: {first!r} and {second!r} are tied, but not both parameters")
    if parameter.shape != replaced.shape:
        raise ag.ShapeError(
            f"build: {first!r} of shape {parameter.shape} and {second!r} of shape "
            f"{replaced.shape} cannot be tied"
        )
    setattr(modules[target], other, parameter)


def _short(value: object) -> str:
    text = repr(value)
    return text if len(text) <= 80 else text[:77] + "..."


def _shown(arguments: dict[str, Any]) -> str:
    return ", ".join(f"{name}={_short(value)}" for name, value in arguments.items())
