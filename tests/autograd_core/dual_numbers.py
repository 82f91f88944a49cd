"""Forward mode in its simplest form: a value that carries its derivative along one direction.

Written on plain NumPy from the textbook's table of derivatives (Griewank and Walther, *Evaluating
Derivatives*, 2008, table 3.3), with nothing of the engine in it: where both agree, an error would
have to have been made twice, in opposite directions of travel.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np


@dataclass(frozen=True)
class Dual:
    """A value, and its derivative along the chosen direction."""

    value: Any
    slope: Any


def constant(value: Any) -> Dual:
    return Dual(value, np.zeros_like(value))


def add(a: Dual, b: Dual) -> Dual:
    return Dual(a.value + b.value, a.slope + b.slope)


def subtract(a: Dual, b: Dual) -> Dual:
    return Dual(a.value - b.value, a.slope - b.slope)


def multiply(a: Dual, b: Dual) -> Dual:
    return Dual(a.value * b.value, a.slope * b.value + a.value * b.slope)


def divide(a: Dual, b: Dual) -> Dual:
    value = a.value / b.value
    return Dual(value, (a.slope - value * b.slope) / b.value)


def matmul(a: Dual, b: Dual) -> Dual:
    return Dual(a.value @ b.value, a.slope @ b.value + a.value @ b.slope)


def chain(value: Any, derivative: Any, x: Dual) -> Dual:
    return Dual(value, derivative * x.slope)


def sin(x: Dual) -> Dual:
    return chain(np.sin(x.value), np.cos(x.value), x)


def tanh(x: Dual) -> Dual:
    decay = np.exp(-2 * np.abs(x.value))
    return chain(np.tanh(x.value), 4 * decay / (1 + decay) ** 2, x)


def exp(x: Dual) -> Dual:
    return chain(np.exp(x.value), np.exp(x.value), x)


def log(x: Dual) -> Dual:
    return chain(np.log(x.value), 1 / x.value, x)


def sqrt(x: Dual) -> Dual:
    return chain(np.sqrt(x.value), 0.5 / np.sqrt(x.value), x)


def absolute(x: Dual) -> Dual:
    return chain(np.abs(x.value), np.sign(x.value), x)


def power(x: Dual, exponent: int) -> Dual:
    return chain(x.value**exponent, exponent * x.value ** (exponent - 1), x)


def where(condition: Any, a: Dual, b: Dual) -> Dual:
    return Dual(np.where(condition, a.value, b.value), np.where(condition, a.slope, b.slope))


def transpose(x: Dual) -> Dual:
    return Dual(x.value.T, x.slope.T)


def sum(x: Dual, axis: Any) -> Dual:
    return Dual(*[np.sum(part, axis=axis, keepdims=True) for part in (x.value, x.slope)])


def mean(x: Dual, axis: Any) -> Dual:
    return Dual(*[np.mean(part, axis=axis, keepdims=True) for part in (x.value, x.slope)])


def var(x: Dual, axis: Any) -> Dual:
    centred = subtract(x, mean(x, axis))
    return mean(multiply(centred, centred), axis)


def logsumexp(x: Dual, axis: Any) -> Dual:
    return log(sum(exp(x), axis))


def softmax(x: Dual, axis: Any) -> Dual:
    powers = exp(x)
    return divide(powers, sum(powers, axis))
