"""Looking on while a model computes: what went into and came out of each module.

Nothing is paid for this while nobody looks: a module has no hooks, its `forward` is covered by
another one on the instance for as long as the `with` block runs.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import numpy as np

import autograd_core as ag
from autograd_core import Tensor

from .module import Module

Report = Callable[[str, Module, tuple[Any, ...], Any], None]


@contextmanager
def watch(model: Module, report: Report) -> Iterator[None]:
    """Call `report(name, module, inputs, output)` after the forward of every module in the block.

    Parameters
    ----------
    model : Module
        Watched with all modules below it.
    report : function
        Gets the dotted name ("" for the model itself), the module, the positional arguments
        and what the module returned.

    Examples
    --------
    >>> import numpy as np, nn
    >>> model = nn.Sequential(nn.Linear(2, 3), nn.Tanh())
    >>> with nn.watch(model, lambda name, module, inputs, output: print(name, output.shape)):
    ...     _ = model(np.zeros((4, 2)))
    0 (4, 3)
    1 (4, 3)
     (4, 3)
    """
    before = [(module, vars(module).get("forward")) for module in model.modules()]
    for name, module in list(model.named_modules()):
        vars(module)["forward"] = _reporting(name, module, report)
    try:
        yield
    finally:
        for module, own in before:
            if own is None:
                del vars(module)["forward"]
            else:
                vars(module)["forward"] = own


def _reporting(name: str, module: Module, report: Report) -> Callable[..., Any]:
    forward = module.forward

    def watched(*args: Any, **kwargs: Any) -> Any:
        output = forward(*args, **kwargs)
        report(name, module, args, output)
        return output

    return watched


@dataclass(frozen=True)
class NonFiniteSource:
    """The first module whose output was not finite although its inputs were."""

    name: str
    module: Module

    def __str__(self) -> str:
        where = f"layer {self.name!r}" if self.name else "the model itself"
        text = f"{where} ({type(self.module).__name__})"
        for name, parameter in self.module.named_parameters():
            if not all_finite(parameter):
                return f"{text}, whose {name} is no longer finite"
        return f"{text}, whose parameters are finite: the values grew too large in it"


def first_non_finite(model: Module, *inputs: Any) -> NonFiniteSource | None:
    """Run the model on `inputs` and name the first module that gives NaN or infinity.

    Examples
    --------
    >>> import numpy as np, nn
    >>> model = nn.MLP(2, [3], 1)
    >>> model[2].bias.data = np.array([np.nan], np.float32)
    >>> print(first_non_finite(model, np.zeros((1, 2), np.float32)))
    layer '2' (Linear), whose bias is no longer finite
    """
    found: list[NonFiniteSource] = []

    def report(name: str, module: Module, _inputs: tuple[Any, ...], output: Any) -> None:
        # Modules report when they are done, a container after its contents: the first is innermost.
        if not found and not all_finite(output):
            found.append(NonFiniteSource(name, module))

    with ag.no_grad(), np.errstate(all="ignore"), watch(model, report):
        model(*inputs)
    return found[0] if found else None


def place_of_non_finite(name: str, values: Any) -> str:
    """The first value of an array that is not finite, with its place.

    Examples
    --------
    >>> place_of_non_finite("inputs", np.array([[1.0, np.nan]]))
    'inputs[0, 1] is nan'
    """
    array = np.asarray(values.data if isinstance(values, Tensor) else values)
    index = tuple(map(int, np.argwhere(~np.isfinite(array))[0]))
    return f"{name}[{', '.join(map(str, index))}] is {array[index]}"


def all_finite(value: Any) -> bool:
    """Whether an array, a Tensor or a tuple of them holds no NaN and no infinity."""
    if isinstance(value, tuple | list):
        return all(map(all_finite, value))
    array = np.asarray(value.data if isinstance(value, Tensor) else value)
    return array.dtype.kind not in "fc" or bool(np.isfinite(array).all())
