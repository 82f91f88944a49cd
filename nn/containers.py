"""Modules made of modules: one after the other, beside each other, around each other."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, SupportsIndex, overload

import autograd_core as ag

from .errors import suggestion
from .module import Module
from .recurrent import Recurrent

__all__ = ["ModuleDict", "ModuleList", "Residual", "Sequential"]


class Sequential(Module):
    """Modules applied one after the other; parameters are named by position ("0.weight").

    A slice is a Sequential of the same modules, which share their weights.

    Examples
    --------
    >>> import nn
    >>> model = nn.Sequential(nn.Linear(2, 3), nn.Tanh())
    >>> model
    Sequential(
      (0): Linear(2, 3)
      (1): Tanh()
    )
    >>> model[:1]
    Sequential(
      (0): Linear(2, 3)
    )
    """

    def __init__(self, *layers: Module) -> None:
        for position, layer in enumerate(layers):
            if not isinstance(layer, Module):
                raise TypeError(
                    f"Sequential: argument {position} is {layer!r}, not a Module; "
                    "give the modules one by one: nn.Sequential(nn.Linear(2, 3), nn.Tanh())"
                )
        self.layers = layers

    def _members(self) -> Iterator[tuple[str, object]]:
        for position, layer in enumerate(self.layers):
            yield str(position), layer
        for name, value in super()._members():
            if name != "layers":
                yield name, value

    def forward(self, x: Any) -> Any:
        """Apply every layer in turn."""
        layer = None
        try:
            for layer in self.layers:
                x = layer.forward(x)
        except (AttributeError, TypeError, ValueError) as error:
            if isinstance(x, tuple) and _takes_one_array(layer):
                raise ag.DTypeError(self._of_a_tuple(layer, x)) from error
            raise
        return x

    def _of_a_tuple(self, layer: Any, given: tuple[Any, ...]) -> str:
        """What to say where a layer of one input was given several."""
        place = next(k for k, each in enumerate(self.layers) if each is layer)
        text = f"Sequential: layer {place} ({type(layer).__name__}) takes one array, but "
        before = self.layers[place - 1] if place else None
        if before is None:
            text += "this Sequential was given"
        else:
            text += f"layer {place - 1} ({type(before).__name__}) returned"
        text += f" a tuple of {len(given)}"
        advice = ". Take what it needs of them in a forward() of your own"
        if not isinstance(before, Recurrent):
            return text + advice
        return (
            f"{text}, (outputs, state){advice}: outputs, state = self.recurrent(x), then "
            "self.rest(outputs), or self.rest(outputs[:, -1]) for the last step alone"
        )

    def __len__(self) -> int:
        return len(self.layers)

    def __iter__(self) -> Iterator[Module]:
        return iter(self.layers)

    @overload
    def __getitem__(self, position: int) -> Module: ...
    @overload
    def __getitem__(self, position: slice) -> Sequential: ...
    def __getitem__(self, position: int | slice) -> Module:
        found = _at("Sequential", self.layers, position)
        if isinstance(found, Module):
            return found
        part = Sequential(*found)
        part.training = self.training
        return part


class ModuleList(Module):
    """A list of modules, for a `forward` that says itself how they are used.

    A plain list as an attribute is found too; this one has a place in the repr and checks what
    is put in.

    Examples
    --------
    >>> import nn
    >>> class Tower(nn.Module):
    ...     def __init__(self):
    ...         self.floors = nn.ModuleList(nn.Linear(2, 2) for _ in range(3))
    ...
    ...     def forward(self, x):
    ...         for floor in self.floors:
    ...             x = x + floor(x)
    ...         return x
    >>> len(list(Tower().parameters()))
    6
    """

    def __init__(self, modules: Iterable[Module] = ()) -> None:
        self.items: list[Module] = []
        self.extend(modules)

    def _members(self) -> Iterator[tuple[str, object]]:
        return ((str(position), module) for position, module in enumerate(self.items))

    def append(self, module: Module) -> None:
        """Put a module at the end."""
        self.items.append(_checked("ModuleList", len(self.items), module))

    def extend(self, modules: Iterable[Module]) -> None:
        """Put several modules at the end."""
        for module in modules:
            self.append(module)

    def __len__(self) -> int:
        return len(self.items)

    def __iter__(self) -> Iterator[Module]:
        return iter(self.items)

    @overload
    def __getitem__(self, position: int) -> Module: ...
    @overload
    def __getitem__(self, position: slice) -> ModuleList: ...
    def __getitem__(self, position: int | slice) -> Module:
        found = _at("ModuleList", self.items, position)
        if isinstance(found, Module):
            return found
        part = ModuleList(found)
        part.training = self.training
        return part

    def __setitem__(self, position: int, module: Module) -> None:
        self.items[position] = _checked("ModuleList", position, module)


class ModuleDict(Module):
    """Modules by name, for a `forward` that says itself how they are used.

    Examples
    --------
    >>> import nn
    >>> heads = nn.ModuleDict({"class": nn.Linear(4, 3), "value": nn.Linear(4, 1)})
    >>> [name for name, _ in heads.named_parameters()]
    ['class.weight', 'class.bias', 'value.weight', 'value.bias']
    """

    def __init__(self, modules: Mapping[str, Module] | None = None) -> None:
        self.items: dict[str, Module] = {}
        for name, module in (modules or {}).items():
            self[name] = module

    def _members(self) -> Iterator[tuple[str, object]]:
        return iter(self.items.items())

    def __len__(self) -> int:
        return len(self.items)

    def __iter__(self) -> Iterator[str]:
        return iter(self.items)

    def __contains__(self, name: object) -> bool:
        return name in self.items

    def __getitem__(self, name: str) -> Module:
        if name not in self.items:
            raise KeyError(f"no module named {name!r}: {suggestion(str(name), self.items)}")
        return self.items[name]

    def __setitem__(self, name: str, module: Module) -> None:
        if not name or "." in str(name):
            raise ValueError(
                f"ModuleDict: a name is text without a dot (dots join names); got {name!r}"
            )
        self.items[name] = _checked("ModuleDict", name, module)


class Residual(Module):
    """x + module(x): the input goes past, and what comes out is added (a skip connection).

    Parameters
    ----------
    module : Module
        Its output must have its input's shape, or `shortcut` must bring the input to that shape.
    shortcut : Module, optional
        What the input goes through on its way past, such as a 1x1 convolution.

    Raises
    ------
    ShapeError
        From `forward`, where the two shapes differ.

    Notes
    -----
    He, Zhang, Ren & Sun, "Deep residual learning for image recognition", CVPR 2016, equation 1.

    Examples
    --------
    >>> import nn
    >>> block = nn.Residual(nn.Sequential(nn.Linear(4, 8), nn.ReLU(), nn.Linear(8, 4)))
    >>> block(ag.Tensor([[1.0, 2.0, 3.0, 4.0]])).shape
    (1, 4)
    """

    def __init__(self, module: Module, shortcut: Module | None = None) -> None:
        self.module = _checked("Residual", "module", module)
        self.shortcut = shortcut

    def forward(self, x: Any) -> Any:
        """Add the module's output to the input."""
        past = x if self.shortcut is None else self.shortcut.forward(x)
        through = self.module.forward(x)
        if past.shape != through.shape:
            raise ag.ShapeError(
                f"Residual: the module made {through.shape} of {x.shape}, so it cannot be added to "
                f"what goes past, {past.shape}. Give a shortcut= that makes the same shape"
            )
        return past + through


def _takes_one_array(layer: Any) -> bool:
    """One of nn's layers; a class of one's own may want the tuple, a container says it itself."""
    ours = type(layer).__module__.partition(".")[0] == __name__.partition(".")[0]
    return ours and not isinstance(layer, Sequential)


def _at(
    container: str, modules: Sequence[Module], position: int | slice
) -> Module | Sequence[Module]:
    if not isinstance(position, slice | SupportsIndex):
        raise TypeError(f"{container}: a place is a number or a slice; got {position!r}")
    try:
        return modules[position]
    except IndexError:
        raise IndexError(
            f"{container}: there is no module {position}; the {len(modules)} are counted from 0"
        ) from None


def _checked(container: str, place: object, module: Any) -> Module:
    if not isinstance(module, Module):
        raise TypeError(f"{container}: {place!r} is {module!r}, not a Module")
    return module
