"""Text for the eyes: numbers, arrays, shapes and names as a person reads them.

Everything here returns plain text. Escaping it for DOT, HTML or a terminal is the business of
whoever writes that format.
"""

from __future__ import annotations

import math
import unicodedata
from collections.abc import Callable
from typing import Any

import numpy as np

__all__ = ["describe_array", "describe_value", "format_number", "shorten", "visible"]

DIGITS = 5  # significant digits: enough to recognise a number, few enough to read it
ARRAY_DIGITS = 4  # of each number where there are several
SMALL = 4  # arrays of at most this many elements are written out in full
LONGEST = 40  # characters of a name or an unknown object that are shown


def format_number(value: Any, digits: int = DIGITS) -> str:
    """Write one number with few significant digits.

    Parameters
    ----------
    value
        A Python or NumPy number (bool, integer, float, complex); anything else is shown by
        its shortened ``repr``.
    digits
        Significant digits kept.

    Examples
    --------
    >>> format_number(0.8814000000000002)
    '0.8814'
    >>> format_number(1e308), format_number(-0.0), format_number(float("nan"))
    ('1e308', '0', 'nan')
    >>> format_number(2 - 1j)
    '2-1j'
    """
    if isinstance(value, (bool, np.bool_)):
        return str(bool(value))
    if isinstance(value, (int, np.integer)):
        return str(value) if abs(int(value)) < 10**9 else _float_text(_to_float(value), digits)
    if isinstance(value, (complex, np.complexfloating)):
        real = _float_text(float(value.real), digits)
        imaginary = _float_text(float(value.imag), digits)
        sign = "" if imaginary.startswith("-") else "+"
        return f"{real}{sign}{imaginary}j"
    if isinstance(value, (float, np.floating)):
        return _float_text(float(value), digits)
    return shorten(visible(repr(value)))


def _to_float(value: Any) -> float:
    try:
        return float(value)
    except OverflowError:
        return math.inf if value > 0 else -math.inf


def _float_text(value: float, digits: int) -> str:
    if value == 0:
        return "0"  # a learner should not have to wonder about -0
    text = f"{value:.{digits}g}"
    mantissa, has_exponent, exponent = text.partition("e")
    return f"{mantissa}e{int(exponent)}" if has_exponent else text


def describe_value(value: Any, digits: int = DIGITS) -> str:
    """Write a scalar in full, a small array as a list and a large one by its range.

    Parameters
    ----------
    value
        A number or an array of any shape.
    digits
        Significant digits kept of a number; of several, at most 4 each.

    Examples
    --------
    >>> import numpy as np
    >>> describe_value(np.float32(0.5))
    '0.5'
    >>> describe_value(np.array([[1.0, 2.0], [3.0, 4.0]]))
    '[[1, 2], [3, 4]]'
    >>> describe_value(np.arange(100.0))
    '0 to 99'
    >>> describe_value(np.zeros((10, 10)))
    'all 0'
    >>> describe_value(np.array([]))
    'empty'
    """
    if not hasattr(value, "shape") or value.shape == ():
        return format_number(value[()] if hasattr(value, "shape") else value, digits)
    digits = min(digits, ARRAY_DIGITS)
    array = np.asarray(value)
    if array.size == 0:
        return "empty"
    if array.size <= SMALL and array.ndim <= 2:
        return _nested(array, lambda number: format_number(number, digits))
    return _range_text(array, digits)


def _nested(array: np.ndarray[Any, Any], write: Callable[[Any], str]) -> str:
    if array.ndim == 1:
        return "[" + ", ".join(write(number) for number in array) + "]"
    return "[" + ", ".join(_nested(row, write) for row in array) + "]"


def _range_text(array: np.ndarray[Any, Any], digits: int) -> str:
    """Smallest and largest element; how many are not numbers comes first, it matters most."""
    if array.dtype.kind == "b":
        return f"{int(np.count_nonzero(array))} of {array.size} True"
    if array.dtype.kind not in "iufc":
        return f"{array.size} elements"
    prefix = ""
    if array.dtype.kind == "c":
        prefix, array = "|z| ", np.abs(array)
    undefined = int(np.count_nonzero(np.isnan(array))) if array.dtype.kind == "f" else 0
    if undefined == array.size:
        return f"{prefix}all nan"
    warning = f"{undefined} of {array.size} nan, " if undefined else ""
    low, high = np.nanmin(array), np.nanmax(array)
    if low == high:
        return f"{warning}{prefix}all {format_number(low, digits)}"
    return f"{warning}{prefix}{format_number(low, digits)} to {format_number(high, digits)}"


def describe_array(shape: tuple[int, ...], dtype: Any) -> str:
    """Write a shape and a dtype the way NumPy's own messages do; ``()`` is called scalar.

    Examples
    --------
    >>> import numpy as np
    >>> describe_array((100, 3), np.dtype("float32"))
    '(100, 3) float32'
    >>> describe_array((), np.dtype("float64"))
    'scalar float64'
    """
    return f"{tuple(shape) if shape else 'scalar'} {dtype}"


def visible(text: str) -> str:
    r"""Replace characters that do not show, or that reorder what does, by their escapes.

    Line breaks, control characters, lone surrogates and the invisible marks of right-to-left
    text could break a file or disguise a name; letters of every script stay as they are.

    Examples
    --------
    >>> print(visible("two\nlines"), visible("größe"))
    two\nlines größe
    """
    if text.isascii() and text.isprintable():
        return text
    return "".join(
        character.encode("unicode_escape").decode("ascii")
        if unicodedata.category(character)[0] == "C" or unicodedata.category(character) in "Zl Zp"
        else character
        for character in text
    )


def shorten(text: str, longest: int = LONGEST) -> str:
    """Cut text that is longer than ``longest`` characters and mark the cut.

    Examples
    --------
    >>> shorten("abcdefgh", 5)
    'abcd…'
    """
    return text if len(text) <= longest else text[: longest - 1] + "…"
