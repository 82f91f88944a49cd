"""What all optimisers have in common: the walk over the parameters, decay, rates, state.

Updates equal PyTorch's (torch.optim, version 2). They work in place, in buffers made once: a step
allocates nothing. A parameter without a gradient is left alone.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, TypedDict

import numpy as np
from numpy.typing import NDArray

from autograd_core import Tensor

from ..errors import StateDictError, check_number, check_state
from .groups import gather, not_negative

__all__ = ["Array", "Optimizer", "Penalties", "check_betas", "check_share"]

Array = NDArray[Any]


class Penalties(TypedDict, total=False):
    """What every optimiser takes beside its own numbers.

    Attributes
    ----------
    weight_decay : float, default 0
        L2: adds weight_decay * parameter to the gradient.
    l1 : float, default 0
        L1: adds l1 * sign(parameter) to the gradient.
    decoupled : bool
        Shrink the parameter by lr * weight_decay * parameter before the step, instead of adding
        to the gradient. Loshchilov & Hutter, "Decoupled weight decay regularization", ICLR 2019.
    """

    weight_decay: float
    l1: float
    decoupled: bool


class Optimizer:
    """Base class: holds the parameters and walks them; a subclass writes `_update`.

    Parameters
    ----------
    parameters : iterable of Tensor, or of groups
        What to train: `model.parameters()`. A group is a dict with the Tensors under
        ``"parameters"`` and its own ``lr``, ``weight_decay`` or ``l1``; `nn.parameter_groups`
        makes groups by name.
    lr : float
        Learning rate.
    weight_decay, l1, decoupled
        See `Penalties`.

    Attributes
    ----------
    parameters : list of Tensor
        Each once, also where it was given twice.

    Raises
    ------
    ValueError
        There is nothing to train, or a number is out of range.
    TypeError
        Something is not a Tensor.

    Examples
    --------
    >>> import numpy as np, nn
    >>> from autograd_core import Tensor
    >>> class SignDescent(nn.Optimizer):
    ...     def _update(self, position, data, gradient):
    ...         data -= self.lr_of(position) * np.sign(gradient)
    >>> x = Tensor([1.0, -2.0])
    >>> (x * x).sum().backward()
    >>> SignDescent([x], lr=0.5).step()
    >>> x.data
    array([ 0.5, -1.5])
    """

    def __init__(
        self,
        parameters: Iterable[Tensor] | Iterable[Mapping[str, Any]],
        lr: float,
        *,
        weight_decay: float = 0.0,
        l1: float = 0.0,
        decoupled: bool = False,
    ) -> None:
        name = type(self).__name__
        self.parameters, options = gather(name, parameters)
        self._slots: dict[str, list[Array]] = {}
        self._counters: dict[str, list[Any]] = {}
        not_negative(name, "lr", lr)
        self.weight_decay = not_negative(name, "weight_decay", weight_decay)
        self.l1 = not_negative(name, "l1", l1)
        self.decoupled = decoupled
        # A group's rate is kept relative to `lr`, so that a schedule moves all of them together.
        own_rates = [group.get("lr", lr) for group in options]
        if lr == 0.0 and any(own_rates):
            raise ValueError(
                f"{name}: groups' rates are kept relative to lr, which is 0; give lr > 0"
            )
        self._scales = [rate / lr if lr else 1.0 for rate in own_rates]
        self.lr = lr
        self._decays = [group.get("weight_decay", weight_decay) for group in options]
        self._signs = [group.get("l1", l1) for group in options]
        self._penalised = [
            bool(decay or sign) for decay, sign in zip(self._decays, self._signs, strict=True)
        ]
        self._scratch = self._one_buffer()
        self._sum = self._one_buffer() if any(self._penalised) else []

    @property
    def lr(self) -> float:
        """Learning rate; may be set between steps. Groups with a rate of their own follow."""
        return self._lr

    @lr.setter
    def lr(self, value: float) -> None:
        self._lr = not_negative(type(self).__name__, "lr", value)
        self._lrs = [value * scale for scale in self._scales]
        # A ufunc takes twice as long with a Python number as with an array of the right dtype.
        self._rates = [
            np.array(rate, parameter.dtype)
            for rate, parameter in zip(self._lrs, self.parameters, strict=True)
        ]

    def lr_of(self, position: int) -> float:
        """The learning rate of parameter number `position`: its group's, or `lr`."""
        return self._lrs[position]

    def _one_buffer(self) -> list[Array]:
        """For each parameter, room for an intermediate result; all of them the same memory."""
        largest = max(parameter.nbytes for parameter in self.parameters)
        room = np.zeros(largest, np.uint8)
        return [
            room[: parameter.nbytes].view(parameter.dtype).reshape(parameter.shape)
            for parameter in self.parameters
        ]

    def _slot(self, name: str, value: float = 0.0) -> list[Array]:
        """For each parameter an array that lives from step to step, saved with the state."""
        arrays = [np.full(p.shape, value, p.dtype) for p in self.parameters]
        self._slots[name] = arrays
        return arrays

    def _counter(self, name: str, value: Any = 0) -> list[Any]:
        """For each parameter a number that lives from step to step, saved with the state."""
        self._counters[name] = [value] * len(self.parameters)
        return self._counters[name]

    def zero_grad(self) -> None:
        """Forget every gradient (sets it to None); call it before `backward()`."""
        for parameter in self.parameters:
            parameter.grad = None

    def step(self) -> None:
        """Move every parameter that has a gradient."""
        for position, parameter in enumerate(self.parameters):
            gradient = parameter.grad
            if gradient is None:
                continue
            if isinstance(gradient, Tensor):  # from backward(create_graph=True)
                gradient = gradient.data
            data = parameter.data
            if data.ndim:
                if self._penalised[position]:
                    gradient = self._penalise(position, data, gradient)
                self._update(position, data, gradient)
                # The setter bumps the version: a graph that saved the old value notices.
                parameter.data = data
            else:
                # A scalar's data is a NumPy scalar, which nothing can change in place.
                box = np.array(data)
                if self._penalised[position]:
                    gradient = self._penalise(position, box, gradient)
                self._update(position, box, gradient)
                parameter.data = box[()]

    def _penalise(self, position: int, data: Array, gradient: Array) -> Array:
        """The gradient with that of the penalties; decoupled decay shrinks `data` at once."""
        decay, sign = self._decays[position], self._signs[position]
        total, part = self._sum[position], self._scratch[position]
        if decay and self.decoupled:
            np.multiply(data, 1.0 - self._lrs[position] * decay, out=data)
        elif decay:
            np.multiply(data, decay, out=total)
            gradient = np.add(total, gradient, out=total)
        if sign:
            np.sign(data, out=part)
            np.multiply(part, sign, out=part)
            gradient = np.add(part, gradient, out=total)
        return gradient

    def _update(self, position: int, data: Array, gradient: Array) -> None:
        """Change `data`, the value of parameter number `position`, in place; leave `gradient`."""
        raise NotImplementedError

    # --- state ------------------------------------------------------------------------------

    def state_dict(self) -> dict[str, Array]:
        """Everything that decides the next steps, as arrays: for going on later with the same bits.

        Examples
        --------
        >>> import nn
        >>> optimizer = nn.SGD([Tensor([1.0, 2.0])], lr=0.1, momentum=0.9)
        >>> sorted(optimizer.state_dict())
        ['lr', 'velocity.0']
        """
        state = {
            f"{name}.{position}": array.copy()
            for name, arrays in self._slots.items()
            for position, array in enumerate(arrays)
        }
        state |= {name: np.array(values) for name, values in self._counters.items()}
        return state | {"lr": np.array(self.lr)}

    def load_state_dict(self, state: Mapping[str, Any]) -> None:
        """Go on from what `state_dict` gave: of the same kind of optimiser, the same parameters.

        Raises
        ------
        StateDictError
            Naming what is missing, unknown, of another shape or no number; nothing is changed then.
        TypeError
            It is no dict.
        """
        check_state(type(self).__name__, state)
        own = self.state_dict()
        given = {name: np.asarray(value) for name, value in state.items()}
        problems = [f"missing: {name!r}" for name in own if name not in given]
        problems += [f"not in this optimiser: {name!r}" for name in given if name not in own]
        problems += [
            f"{name!r} has shape {given[name].shape} in the state, {own[name].shape} here"
            for name in own
            if name in given and given[name].shape != own[name].shape
        ]
        problems += [
            f"{name!r} holds {given[name].dtype}, not numbers"
            for name in own
            if name in given and given[name].dtype.kind not in "biufc"
        ]
        if problems:
            raise StateDictError(
                f"load_state_dict: this state does not fit {type(self).__name__} with "
                f"{len(self.parameters)} parameters:\n  " + "\n  ".join(problems)
            )
        for name, arrays in self._slots.items():
            for position, array in enumerate(arrays):
                array[...] = given[f"{name}.{position}"]
        for name, values in self._counters.items():
            values[:] = given[name].tolist()
        self.lr = float(given["lr"])


def check_share(optimizer: str, name: str, value: float) -> float:
    """Return `value` if it is a share that can be kept from step to step: in [0, 1).

    Raises
    ------
    TypeError, ValueError
        Naming the optimiser, the argument and what it was.

    Examples
    --------
    >>> check_share("Adam", "betas[0]", 0.9)
    0.9
    """
    check_number(optimizer, name, value)
    if not 0.0 <= value < 1.0:
        raise ValueError(f"{optimizer}: {name} must be in [0, 1); got {value}")
    return value


def check_betas(optimizer: str, betas: Any) -> tuple[float, float]:
    """Return the two shares that the averages of Adam and its relatives keep.

    Raises
    ------
    TypeError, ValueError
        It is not a pair, or one is out of range.

    Examples
    --------
    >>> check_betas("Adam", [0.9, 0.999])
    (0.9, 0.999)
    """
    if not isinstance(betas, tuple | list | np.ndarray) or len(betas) != 2:
        raise ValueError(
            f"{optimizer}: betas is a pair of shares, such as (0.9, 0.999); got {betas!r}"
        )
    first, second = (check_share(optimizer, f"betas[{i}]", beta) for i, beta in enumerate(betas))
    return first, second
