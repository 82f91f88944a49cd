"""What our own functions refuse: complex numbers where there is no meaning, Tensors as options."""

from __future__ import annotations

from typing import Any

import numpy as np

from ..errors import DTypeError, NotDifferentiable, describe

FLOAT = np.dtype(float)


def only_real(name: str, *operands: Any) -> None:
    """Raise unless all operands of the function called `name` are real."""
    for operand in operands:
        if getattr(operand, "dtype", FLOAT).kind == "c" or type(operand) is complex:
            raise DTypeError(
                f"{name} is defined for real numbers here, and the operand is complex"
                f" ({describe(operand)}). Give it np.real(x), np.imag(x) or np.abs(x)."
            )


def option(name: str, value: Any, instead: str) -> Any:
    """A plain number that shapes a function, such as a slope; a Tensor would get no gradient.

    Parameters
    ----------
    name : str
        Function and option, such as ``"elu: alpha"``.
    value
        What was given.
    instead : str
        What to write where the option shall have a gradient.
    """
    if getattr(value, "requires_grad", False):
        raise NotDifferentiable(
            f"{name} is an option and gets no gradient, but the value given records"
            f" ({describe(value)}). Give .item() of it, or write {instead}."
        )
    return getattr(value, "_array", value)
