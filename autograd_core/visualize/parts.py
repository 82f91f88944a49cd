"""The parts of a program that a picture can frame: the modules of a model, or named groups."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import CodeType
from typing import Any

from autograd_core.tensor import Tensor

from .format import shorten, visible
from .render import PictureError

__all__ = ["Part", "holder_of", "parts_of_mapping", "parts_of_module"]

LONGEST_TITLE = 48


@dataclass(frozen=True, slots=True)
class Part:
    """A part of a program.

    Attributes
    ----------
    name : str
        Dotted: ``"encoder.0"`` is inside ``"encoder"``, if there is such a part.
    title : str
    parameters : sequence of Tensor
        Those that it holds itself.
    code : CodeType or None
        Of its ``forward``.
    kind : str
        Name of its class.
    """

    name: str
    title: str
    parameters: Sequence[Tensor]
    code: CodeType | None = None
    kind: str = ""


def parts_of_module(module: Any) -> list[Part]:
    """Return a part for each module inside ``module``, itself first.

    Parameters
    ----------
    module
        Anything with ``named_modules()`` and ``named_parameters()``.

    Raises
    ------
    PictureError
        If it has not.

    Examples
    --------
    >>> import nn
    >>> [part.title for part in parts_of_module(nn.MLP(2, [3], 1))]
    ['MLP', '0: Linear(2, 3)', '1: ReLU()', '2: Linear(3, 1)']
    """
    if not (hasattr(module, "named_modules") and hasattr(module, "named_parameters")):
        raise PictureError(
            "module must be a model with named_modules() and named_parameters(), such as an"
            f" nn.Module, not {type(module).__name__}. To group other Tensors, use"
            " clusters={name: [tensors]}."
        )
    modules = dict(module.named_modules())
    parameters: dict[str, list[Tensor]] = {name: [] for name in modules}
    for name, parameter in module.named_parameters():
        parameters[holder_of(name, modules) or ""].append(parameter)
    return [
        Part(name, _title(name, part), parameters[name], _forward(part), type(part).__name__)
        for name, part in modules.items()
    ]


def parts_of_mapping(groups: Any) -> list[Part]:
    """Return a part for each entry of a mapping from names to Tensors.

    Raises
    ------
    PictureError
        If it is no such mapping.

    Examples
    --------
    >>> import autograd_core as ag
    >>> w = ag.Tensor(1.0)
    >>> [part.title for part in parts_of_mapping({"layer 1": [w]})]
    ['layer 1']
    """
    if not isinstance(groups, Mapping):
        raise PictureError(
            "clusters must be a mapping from names to lists of Tensors, such as"
            f" {{'layer 1': [w1, b1]}}, not {type(groups).__name__}."
        )
    parts = []
    for name, tensors in groups.items():
        held = list(tensors) if isinstance(tensors, list | tuple) else [tensors]
        for tensor in held:
            if not isinstance(tensor, Tensor):
                raise PictureError(
                    f"clusters[{name!r}] must hold Tensors, but has a {type(tensor).__name__}."
                )
        parts.append(Part(str(name), shorten(visible(str(name)), LONGEST_TITLE), held))
    return parts


def holder_of(name: str, among: Mapping[str, Any]) -> str | None:
    """Return the longest proper beginning of a dotted name that is a name itself.

    Examples
    --------
    >>> holder_of("encoder.0.weight", {"encoder": ..., "encoder.0": ...})
    'encoder.0'
    """
    while "." in name:
        name = name.rpartition(".")[0]
        if name in among:
            return name
    return "" if "" in among and name else None


def _title(name: str, module: Any) -> str:
    text = repr(module)
    if "\n" in text:
        text = type(module).__name__
    return shorten(visible(f"{name}: {text}" if name else text), LONGEST_TITLE)


def _forward(module: Any) -> CodeType | None:
    code = getattr(getattr(type(module), "forward", None), "__code__", None)
    return code if isinstance(code, CodeType) else None
