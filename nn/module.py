"""`Module`: something with parameters and a `forward`.

A module is an ordinary object with ordinary attributes: nothing is intercepted when one is set or
read, so a layer's forward costs what its arithmetic costs. The parameters are found when somebody
asks, by walking the attributes in the order in which they were assigned, through lists, tuples
and dicts too.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Self, TypeAlias

import numpy as np
from numpy.typing import NDArray

from .errors import StateDictError
from .parameter import Parameter, assign
from .state_names import untied, without_wrappers

Found: TypeAlias = "Module | Parameter"


class Module:
    """Base class of everything with parameters; a subclass writes `forward`.

    Examples
    --------
    >>> import numpy as np, nn
    >>> class Scale(nn.Module):
    ...     def __init__(self):
    ...         self.factor = nn.Parameter(2.0)
    ...
    ...     def forward(self, x):
    ...         return x * self.factor
    >>> model = Scale()
    >>> model(np.float32(3.0)).item()
    6.0
    >>> [name for name, _ in model.named_parameters()]
    ['factor']
    """

    training: bool = True
    # Names, not arrays: a forward may replace `self.running_mean` and it stays a buffer.
    _buffer_names: tuple[str, ...] = ()

    def forward(self, *args: Any, **kwargs: Any) -> Any:
        """Compute the output. Subclasses write it; calling the module calls it."""
        raise NotImplementedError(
            f"{type(self).__name__} has no forward(): write `def forward(self, x): ...` in it"
        )

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        """Compute `forward`."""
        return self.forward(*args, **kwargs)

    def multiply_adds(self, inputs: tuple[Any, ...], output: Any) -> int:  # noqa: ARG002
        """Multiplications with an addition in one call, without those of the modules inside.

        `nn.summary` asks. A layer that multiplies by weights says how many; elementwise work
        counts as none.
        """
        return 0

    # --- what is inside -------------------------------------------------------------------

    def _members(self) -> Iterator[tuple[str, object]]:
        """Name and value of everything to search; `Sequential` numbers its layers here."""
        yield from vars(self).items()

    def named_modules(self) -> Iterator[tuple[str, Module]]:
        """Dotted name and module, this one (named "") first; a shared module once.

        Examples
        --------
        >>> import nn
        >>> [name for name, _ in nn.MLP(2, [3], 1).named_modules()]
        ['', '0', '1', '2']
        """
        return ((name, found) for name, found in _walk(self) if isinstance(found, Module))

    def modules(self) -> Iterator[Module]:
        """Every module, this one first."""
        return (module for _, module in self.named_modules())

    def named_parameters(self) -> Iterator[tuple[str, Parameter]]:
        """Dotted name and parameter, in definition order; a shared parameter once.

        Examples
        --------
        >>> import nn
        >>> [(name, p.shape) for name, p in nn.Linear(3, 2).named_parameters()]
        [('weight', (2, 3)), ('bias', (2,))]
        """
        return ((name, found) for name, found in _walk(self) if isinstance(found, Parameter))

    def parameters(self) -> Iterator[Parameter]:
        """Every parameter, in definition order; what an optimiser is given."""
        return (parameter for _, parameter in self.named_parameters())

    def register_buffer(self, name: str, value: Any) -> None:
        """Make `self.<name>` an array that is saved with the model but not trained.

        Parameters
        ----------
        name : str
            The attribute's name.
        value : array_like
            Its value; kept as an ndarray.

        Examples
        --------
        >>> import nn
        >>> layer = nn.Identity()
        >>> layer.register_buffer("mean", [0.0, 1.0])
        >>> list(layer.state_dict())
        ['mean']
        """
        setattr(self, name, np.asarray(value))
        if name not in self._buffer_names:
            self._buffer_names = (*self._buffer_names, name)

    def named_buffers(self) -> Iterator[tuple[str, NDArray[Any]]]:
        """Dotted name and array of every buffer."""
        for prefix, module in self.named_modules():
            for name in module._buffer_names:
                yield _join(prefix, name), getattr(module, name)

    def buffers(self) -> Iterator[NDArray[Any]]:
        """Every buffer."""
        return (array for _, array in self.named_buffers())

    # --- saving and loading ----------------------------------------------------------------

    def state_dict(self) -> dict[str, NDArray[Any]]:
        """Copies of every parameter and buffer by name, for `nn.save` and `load_state_dict`.

        Examples
        --------
        >>> import nn
        >>> {name: array.shape for name, array in nn.Linear(3, 2).state_dict().items()}
        {'weight': (2, 3), 'bias': (2,)}
        """
        state = {name: np.array(parameter.data) for name, parameter in self.named_parameters()}
        state.update((name, np.array(array)) for name, array in self.named_buffers())
        return state

    def load_state_dict(self, state: Mapping[str, Any], *, strict: bool = True) -> None:
        """Copy values into the parameters and buffers; all of them or, on an error, none.

        Parameters
        ----------
        state : mapping of str to array_like
            What `state_dict` or `nn.load` returned. What PyTorch's wrappers put before its names
            ("_orig_mod.", "module.") does not matter, nor under which of its names a parameter
            that is in two places stands.
        strict : bool, default True
            Refuse names that are missing or too many. A shape that differs is always refused.

        Raises
        ------
        StateDictError
            Naming every key and shape that does not fit.
        """
        parameters = dict(self.named_parameters())
        buffers = dict(self.named_buffers())
        own: dict[str, Parameter | NDArray[Any]] = {**parameters, **buffers}
        given = {name: np.asarray(value) for name, value in state.items()}
        given, problems = untied(self, without_wrappers(given, own))
        problems += _misfits(own, given, strict)
        if problems:
            raise StateDictError(
                f"load_state_dict: this state does not fit {type(self).__name__}:\n  "
                + "\n  ".join(problems)
            )
        for name, value in given.items():
            if name in parameters:
                assign(parameters[name], value)
            elif name in buffers:
                buffers[name][...] = value

    # --- switches ---------------------------------------------------------------------------

    def train(self, mode: bool = True) -> Self:
        """Set training mode, here and in every module below (dropout and the like read it)."""
        for module in self.modules():
            module.training = mode
        return self

    def eval(self) -> Self:
        """Set evaluation mode: `train(False)`."""
        return self.train(False)

    def freeze(self) -> Self:
        """Stop training these parameters: they no longer record, and their gradients are cleared.

        Examples
        --------
        >>> import nn
        >>> any(p.requires_grad for p in nn.Linear(3, 2).freeze().parameters())
        False
        """
        for parameter in self.parameters():
            parameter.requires_grad = False
            parameter.grad = None
        return self

    def unfreeze(self) -> Self:
        """Train these parameters again."""
        for parameter in self.parameters():
            parameter.requires_grad = True
        return self

    def zero_grad(self) -> None:
        """Forget every parameter's gradient (sets it to None)."""
        for parameter in self.parameters():
            parameter.grad = None

    # --- for the eyes -----------------------------------------------------------------------

    def extra_repr(self) -> str:
        """What stands between the brackets of the repr; a subclass names its arguments."""
        return ""

    def __repr__(self) -> str:
        name = type(self).__name__
        children = [(key, value) for key, value in self._members() if _holds_module(value)]
        if not children:
            return f"{name}({self.extra_repr()})"
        lines = [f"({key}): {value!r}".replace("\n", "\n  ") for key, value in children]
        return f"{name}({self.extra_repr()}\n  " + "\n  ".join(lines) + "\n)"


def _join(prefix: str, name: str) -> str:
    return f"{prefix}.{name}" if prefix else name


def _holds_module(value: object) -> bool:
    if isinstance(value, list | tuple):
        return any(map(_holds_module, value))
    if isinstance(value, dict):
        return any(map(_holds_module, value.values()))
    return isinstance(value, Module)


def _walk(
    value: object, name: str = "", seen: set[int] | None = None
) -> Iterator[tuple[str, Found]]:
    """Every module and parameter at or below `value`, depth first, each object once."""
    seen = set() if seen is None else seen
    members: Iterator[tuple[str, object]]
    if isinstance(value, Module):
        members = value._members()
    elif isinstance(value, dict):
        members = ((str(key), member) for key, member in value.items())
    elif isinstance(value, list | tuple):
        members = ((str(index), member) for index, member in enumerate(value))
    elif isinstance(value, Parameter):
        members = iter(())
    else:
        return
    if id(value) in seen:
        return
    seen.add(id(value))
    if isinstance(value, Module | Parameter):
        yield name, value
    for key, member in members:
        yield from _walk(member, _join(name, key), seen)


def _misfits(
    own: Mapping[str, Parameter | NDArray[Any]], given: Mapping[str, NDArray[Any]], strict: bool
) -> Iterator[str]:
    """One line of text for each thing that keeps `given` from being copied into `own`."""
    if strict:
        for name, mine in own.items():
            if name not in given:
                yield f"missing: {name!r} of shape {mine.shape}"
        for name, value in given.items():
            if name not in own:
                yield f"not in the model: {name!r} of shape {value.shape}"
    for name, mine in own.items():
        if name not in given:
            continue
        value = given[name]
        if mine.shape != value.shape:
            yield f"{name!r} has shape {value.shape} in the state, {mine.shape} in the model"
        elif not np.can_cast(value.dtype, mine.dtype, "same_kind"):
            yield f"{name!r} has dtype {value.dtype} in the state, {mine.dtype} in the model"
