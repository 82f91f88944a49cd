"""Parameter groups: some parameters move at another rate, or without weight decay."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from fnmatch import fnmatchcase
from typing import Any

from autograd_core import Tensor

from ..errors import check_number, suggestion
from ..module import Module

__all__ = ["OPTIONS", "gather", "not_negative", "parameter_groups"]

#: What a group may have of its own.
OPTIONS = ("lr", "weight_decay", "l1")

Group = Mapping[str, Any]


def parameter_groups(
    model: Module, options: Mapping[str, Mapping[str, float]]
) -> list[dict[str, Any]]:
    """Sort a model's parameters into groups by their names.

    Parameters
    ----------
    model : Module
    options : mapping of pattern to options
        A pattern is a parameter's dotted name, with ``*`` for any text: ``"*.bias"``,
        ``"encoder.*"``. The options are `lr`, `weight_decay`, `l1`. The first pattern that fits
        a name decides; parameters that no pattern fits keep the optimiser's own numbers.

    Returns
    -------
    list of dict
        What an optimiser takes instead of a plain list of parameters.

    Raises
    ------
    ValueError
        A pattern fits no parameter, or an option is unknown.
    TypeError
        The model is no Module, or the options are not a dict of dicts.

    Examples
    --------
    >>> import nn
    >>> model = nn.MLP(2, [3], 1)
    >>> groups = nn.parameter_groups(model, {"*.bias": {"weight_decay": 0.0}})
    >>> [len(group["parameters"]) for group in groups]
    [2, 2]
    >>> optimizer = nn.SGD(groups, lr=0.1, weight_decay=0.01)
    """
    if not isinstance(model, Module):
        raise TypeError(
            f"parameter_groups: the first argument is the model; got {type(model).__name__}"
        )
    given: Any = options  # whatever its type says
    if not isinstance(given, Mapping) or not all(isinstance(v, Mapping) for v in given.values()):
        raise TypeError(
            "parameter_groups: give a dict of pattern and options, such as "
            '{"*.bias": {"weight_decay": 0.0}}; got ' + repr(options)
        )
    groups: list[dict[str, Any]] = [{"parameters": [], **own} for own in options.values()]
    rest: dict[str, Any] = {"parameters": []}
    names = []
    for name, parameter in model.named_parameters():
        names.append(name)
        fitting = (g for p, g in zip(options, groups, strict=True) if fnmatchcase(name, p))
        next(fitting, rest)["parameters"].append(parameter)
    for pattern, group in zip(options, groups, strict=True):
        if not group["parameters"]:
            raise ValueError(
                f"parameter_groups: no parameter is left for {pattern!r}; "
                f"{suggestion(pattern, names)}"
            )
    return [group for group in (*groups, rest) if group["parameters"]]


def gather(
    optimizer: str, parameters: Iterable[Tensor] | Iterable[Group]
) -> tuple[list[Tensor], list[dict[str, float]]]:
    """Every parameter once, and what its group says of it.

    Raises
    ------
    TypeError, ValueError
        Saying what cannot be trained, or which option is wrong.

    Examples
    --------
    >>> x, y = Tensor([1.0]), Tensor([2.0])
    >>> parameters, options = gather("SGD", [{"parameters": [x], "lr": 0.5}, {"parameters": [y]}])
    >>> options
    [{'lr': 0.5}, {}]
    """
    if isinstance(parameters, Tensor | Mapping) or not isinstance(parameters, Iterable):
        raise TypeError(
            f"{optimizer}: give the parameters as a list or as model.parameters(); "
            f"got one {type(parameters).__name__}"
        )
    found: dict[int, tuple[Tensor, dict[str, float]]] = {}
    position = 0
    for entry in parameters:
        group = entry if isinstance(entry, Mapping) else {"parameters": [entry]}
        options = _options(optimizer, group)
        for parameter in group["parameters"]:
            _check(optimizer, position, parameter)
            position += 1
            if id(parameter) not in found:
                found[id(parameter)] = (parameter, options)
            elif found[id(parameter)][1] != options:
                raise ValueError(
                    f"{optimizer}: a parameter of shape {parameter.shape} is in two groups with "
                    f"different options: {found[id(parameter)][1]} and {options}"
                )
    if not found:
        raise ValueError(
            f"{optimizer}: no parameters to train. A Module finds Parameters, Modules, and lists, "
            "tuples and dicts of them among its attributes; a plain Tensor is not a Parameter. "
            "(model.parameters() is an iterator: make a new one, once used it is empty)"
        )
    unique = list(found.values())
    return [parameter for parameter, _ in unique], [options for _, options in unique]


def _options(optimizer: str, group: Group) -> dict[str, float]:
    given = {name: value for name, value in group.items() if name != "parameters"}
    inside = group.get("parameters")
    if isinstance(inside, Tensor) or not isinstance(inside, Iterable):
        raise TypeError(
            f"{optimizer}: a group is a dict with a list of Tensors under 'parameters' and any of "
            f"{', '.join(OPTIONS)}; this one has {', '.join(map(repr, group)) or 'nothing'}"
            + (
                f", and under 'parameters' one {type(inside).__name__}"
                if inside is not None
                else ""
            )
        )
    for name, value in given.items():
        if name not in OPTIONS:
            raise ValueError(
                f"{optimizer}: a group has no option {name!r}; {suggestion(name, OPTIONS)}"
            )
        not_negative(optimizer, f"a group's {name}", value)
    return given


def _check(optimizer: str, position: int, parameter: Any) -> None:
    if not isinstance(parameter, Tensor):
        named = isinstance(parameter, tuple) and len(parameter) == 2
        remedy = ". Give model.parameters()" if named or isinstance(parameter, Module) else ""
        raise TypeError(
            f"{optimizer}: parameter {position} is a {type(parameter).__name__}, not a Tensor"
            + remedy
        )
    if parameter.dtype.kind not in "fc":
        raise TypeError(
            f"{optimizer}: parameter {position} holds {parameter.dtype}, which has no gradient; "
            "make it of floats"
        )
    if not parameter.is_leaf:
        raise ValueError(
            f"{optimizer}: parameter {position} was computed from other Tensors, so moving it "
            "would change nothing; give the Tensors it was computed from"
        )


def not_negative(optimizer: str, name: str, value: float) -> float:
    """Return `value` if it is a finite number of at least 0.

    Raises
    ------
    TypeError, ValueError
        Naming the optimiser, the argument and what it was.

    Examples
    --------
    >>> not_negative("SGD", "momentum", 0.9)
    0.9
    """
    check_number(optimizer, name, value)
    if not (value >= 0.0 and math.isfinite(value)):
        raise ValueError(f"{optimizer}: {name} must be a finite number of at least 0; got {value}")
    return value
