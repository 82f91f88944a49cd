"""``make coverage-table`` writes docs/coverage.md: what a Tensor meets in NumPy's functions.

The walk is through NumPy's public namespaces and the methods of its arrays; what is said of a
function comes from the tables that dispatch it (``RECORDED``, ``PLAIN``, ``INSTEAD``), from NumPy
itself (is it dispatched at all?), and for the rest from calling it.
``tests/test_coverage_table.py`` makes every call and compares.
"""

import inspect
import re
import warnings
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from autograd_core import NotDifferentiable, Tensor
from autograd_core.dispatch import RECORDED
from autograd_core.unrecorded import CONVERTING, INSTEAD, OF_THE_ARRAY, PLAIN
from tests.numpy_calls import MATRIX, call_of

FILE = Path(__file__).resolve().parents[1] / "docs" / "coverage.md"
STATUSES = ("recorded", "plain", "refused", "not interceptable")
DISPATCHED = (np.ufunc, type(np.sum))

NAMESPACES: dict[str, Any] = {
    "np": np,
    "np.linalg": np.linalg,
    "np.fft": np.fft,
    "np.lib.stride_tricks": np.lib.stride_tricks,
    "np.polynomial.polynomial": np.polynomial.polynomial,
}


def words(text: str) -> set[str]:
    """The words of a text."""
    return set(text.split())


#: Take no array: names, files, settings, sizes, and what makes an array out of nothing.
WITHOUT_ARRAYS = words(
    """
    bartlett base_repr binary_repr blackman broadcast_shapes datetime_data diag_indices
    empty fftfreq fromfile fromregex fromstring genfromtxt get_include get_printoptions
    getbufsize geterr geterrcall hamming hanning identity index_exp indices info isdtype
    isfortran isscalar issubdtype iterable load loadtxt mask_indices mintypecode ones
    printoptions promote_types rfftfreq s_ set_printoptions setbufsize seterr seterrcall
    show_config show_runtime test tri tril_indices triu_indices typename zeros
    """
)

#: Classes and objects that are called or indexed with arrays; other classes are dtypes, errors,
#: settings and iterators.
ARRAY_CLASSES = {"matrix", "nditer", "poly1d", "vectorize"}
ARRAY_OBJECTS = {"r_", "c_", "mgrid", "ogrid"}


@dataclass(frozen=True)
class Row:
    """One function: where NumPy has it, what becomes of a Tensor in it, and what to add to that."""

    space: str
    name: str
    status: str
    what: str = ""
    instead: str = ""

    @property
    def path(self) -> str:
        return f"{self.space}.{self.name}"


def public(space: str) -> Iterator[tuple[str, Any]]:
    """Every public function of a namespace, and the few classes that compute."""
    module = NAMESPACES[space]
    names = getattr(module, "__all__", None) or [n for n in dir(module) if n in STRIDE_TRICKS]
    for name in sorted(names):
        function = getattr(module, name)
        if name.startswith("_") or name in WITHOUT_ARRAYS or inspect.ismodule(function):
            continue
        if isinstance(function, type) and name not in ARRAY_CLASSES:
            continue
        if callable(function) or name in ARRAY_OBJECTS:
            yield name, function


STRIDE_TRICKS = {"as_strided", "sliding_window_view"}


def status_of(function: Any) -> str | None:
    """What the tables say; None for a function that is on no list."""
    if not isinstance(function, DISPATCHED):
        return "not interceptable"
    if function in RECORDED:
        return "recorded"
    if function in PLAIN:
        return "plain"
    return "refused" if function in INSTEAD else None


def outcome(call: Callable[[Any], Any]) -> tuple[str, Any]:
    """What comes of a call with a Tensor: a word, and the result or the exception."""
    with warnings.catch_warnings(), np.errstate(all="ignore"):
        warnings.simplefilter("ignore")
        try:
            result = call(Tensor(MATRIX))
        except NotDifferentiable as error:
            return "refused", error
        except Exception as error:  # noqa: BLE001 - what it raises is what is asked
            return "raises", error
    parts = list(leaves(result))
    if any(getattr(part, "dtype", None) == np.dtype(object) for part in parts):
        return "object array", result
    recorded = any(isinstance(part, Tensor) and part.requires_grad for part in parts)
    return ("recorded" if recorded else "plain"), result


def leaves(result: Any) -> Iterator[Any]:
    """The arrays in a result."""
    if isinstance(result, list | tuple):
        for part in result:
            yield from leaves(part)
    else:
        yield result


def rows() -> list[Row]:
    """The whole table."""
    table = []
    for space in NAMESPACES:
        for name, function in public(space):
            status = status_of(function)
            if status is None:
                raise LookupError(f"{space}.{name} is on no list: record it, or add it to PLAIN.")
            row = Row(space, name, status, instead=INSTEAD.get(function, ""))
            if status == "refused":
                row = Row(space, name, status, "writes into its operand", row.instead)
            elif status == "not interceptable":
                row = undispatched(space, name, function)
            table.append(row)
    return [*table, *random_rows(), *method_rows()]


def undispatched(space: str, name: str, function: Any) -> Row:
    """A function that never asks the Tensor: what happened when it was called."""
    word, result = outcome(call_of(f"{space}.{name}", function))
    what = {
        "recorded": "records, through the Tensor's operators",
        "plain": "takes the number, as float(x) does",
        "refused": "raises NotDifferentiable",
    }.get(word) or f"raises {type(result).__name__}"
    instead = "" if word == "recorded" else CONVERTING.get(name, "")
    if word != "recorded" and not instead:
        raise LookupError(f"{space}.{name} {what}: say in CONVERTING what to write instead.")
    return Row(space, name, "not interceptable", what, instead)


# ------------------------------------------------------------------------------ np.random

#: Arguments before and after the first parameter that a Tensor could stand for.
DISTRIBUTIONS = {
    **dict.fromkeys(words("chisquare exponential geometric gumbel"), ()),
    **dict.fromkeys(words("laplace logistic lognormal logseries normal pareto"), ()),
    **dict.fromkeys(words("poisson power rayleigh standard_gamma standard_t weibull zipf"), ()),
    **dict.fromkeys(words("beta binomial f gamma negative_binomial uniform vonmises wald"), (1.5,)),
    **dict.fromkeys(words("noncentral_chisquare"), (1.5,)),
    **dict.fromkeys(words("hypergeometric noncentral_f triangular"), (5.0, 6.0)),
}


def random_rows() -> list[Row]:
    """Distributions: NumPy dispatches none of them."""
    generator = np.random.default_rng(0)
    table = []
    for name in sorted(DISTRIBUTIONS):
        draw = getattr(generator, name)
        word, result = outcome(lambda t, draw=draw, name=name: draw(t + 1.0, *DISTRIBUTIONS[name]))
        what = f"raises {type(result).__name__}" if word == "raises" else word
        table.append(Row("np.random.Generator", name, "not interceptable", what, REPARAMETRISED))
    return table


REPARAMETRISED = "draw plain numbers and move them: loc + scale * rng.normal(size=n)"

# ------------------------------------------------------------------------------ methods

METHODS: dict[str, Callable[[Any], Any]] = {
    "argpartition": lambda t: t.argpartition(1),
    "astype": lambda t: t.astype("f4"),
    "byteswap": lambda t: t.byteswap(),
    "choose": lambda t: (np.array(0) if isinstance(t, np.ndarray) else type(t)(0)).choose([t, t]),
    "clip": lambda t: t.clip(0.0, 1.0),
    "compress": lambda t: t.compress([True, False, True], 0),
    "dot": lambda t: t.dot(t),
    "dump": lambda t: t.dump("/dev/null"),
    "fill": lambda t: t.fill(0.0),
    "getfield": lambda t: t.getfield("f8"),
    "item": lambda t: t[0, 0].item(),
    "partition": lambda t: t.partition(1),
    "put": lambda t: t.put([0], 1.0),
    "repeat": lambda t: t.repeat(2),
    "reshape": lambda t: t.reshape(9),
    "resize": lambda t: t.resize((9,)),
    "round": lambda t: t.round(1),
    "searchsorted": lambda t: t[0].searchsorted(0.0),
    "setfield": lambda t: t.setfield(0.0, "f8"),
    "setflags": lambda t: t.setflags(write=True),
    "sort": lambda t: t.sort(),
    "swapaxes": lambda t: t.swapaxes(0, 1),
    "take": lambda t: t.take([0, 2]),
    "to_device": lambda t: t.to_device("cpu"),
    "tofile": lambda t: t.tofile("/dev/null"),
    "view": lambda t: t.view(),
}


def method_call(name: str) -> Callable[[Any], Any]:
    """How to use an attribute, or call a method, of an array or a Tensor."""
    if name in METHODS:
        return METHODS[name]
    if callable(getattr(np.ndarray, name)):
        return lambda t: getattr(t, name)()
    return lambda t: getattr(t, name)


def method_rows() -> list[Row]:
    """What an array has and a Tensor, by trying, has too."""
    table = []
    for name in sorted(n for n in dir(np.ndarray) if not n.startswith("_")):
        if name == "data":  # a Tensor's is the array itself
            table.append(Row("np.ndarray", name, "plain"))
            continue
        word, result = outcome(method_call(name))
        if not hasattr(Tensor, name):
            instead = OF_THE_ARRAY.get(name)
            if instead is None:
                raise LookupError(f"ndarray.{name}: a Tensor has none, and nothing is said of it.")
            table.append(Row("np.ndarray", name, "refused", "a Tensor has none", instead))
        elif word in ("refused", "raises"):
            reason = "writes into the array" if "in place" in str(result) else "see its message"
            found = re.search(r"Use (.*?),? which", str(result))
            table.append(Row("np.ndarray", name, "refused", reason, found[1] if found else ""))
        else:
            table.append(Row("np.ndarray", name, word))
    return table


# ------------------------------------------------------------------------------ as text

HEAD = """\
# What NumPy's functions do with a Tensor

`make coverage-table` writes this page by walking through NumPy {version}; a test calls every
function named here with a Tensor and compares.

- **recorded**: the result is a Tensor with a history; its value, dtype and shape are NumPy's.
- **plain**: there is no derivative (places, comparisons, roundings, shapes, files); plain arrays
  and numbers come out, as from `f(x.data)`.
- **refused**: raises an exception that names the function and what to write instead.
- **not interceptable**: NumPy does not ask the Tensor. It asks for an array, and a Tensor that
  records refuses to become one; or it computes with Python's operators, and then records all the
  same.

`out=` is refused everywhere. Python's own conversions leave the graph because they are asked to:
`float(x)`, `int(x)`, `complex(x)`, and with them `math.sin(x)`, `array[i] = x` and `array.fill(x)`
of a Tensor with one element. `np.ma` keeps no derivatives: give it `x.data`. The functions of
`np.random` behave as the methods of `np.random.Generator`.
"""


def code(text: str) -> str:
    return "`" + text.replace("|", "\\|") + "`"


def page() -> str:
    """The whole page."""
    table = rows()
    version = ".".join(np.__version__.split(".")[:2])
    lines = [HEAD.format(version=version)]
    spaces = list(dict.fromkeys(row.space for row in table))
    lines += [
        f"| namespace | {' | '.join(STATUSES)} | all |",
        f"|---{'|--:' * (len(STATUSES) + 1)}|",
    ]
    for space in spaces:
        counts = Counter(row.status for row in table if row.space == space)
        numbers = [counts[status] for status in STATUSES]
        lines.append(f"| `{space}` | {' | '.join(map(str, numbers))} | {sum(numbers)} |")
    counts = Counter(row.status for row in table)
    numbers = [counts[status] for status in STATUSES]
    lines.append(f"| **all** | {' | '.join(map(str, numbers))} | {sum(numbers)} |")
    for space in spaces:
        lines += ["", f"## {space}"]
        for status in STATUSES:
            chosen = [row for row in table if (row.space, row.status) == (space, status)]
            if chosen:
                lines += ["", f"**{status.capitalize()}** ({len(chosen)})", ""]
                lines += details(chosen, status)
    return "\n".join(lines) + "\n"


def details(chosen: list[Row], status: str) -> list[str]:
    """Names alone, or a table of what happens and what to write instead."""
    if status in ("recorded", "plain"):
        return [", ".join(code(row.name) for row in chosen)]
    happens = "why" if status == "refused" else "what happens"
    lines = [f"| function | {happens} | write instead |", "|---|---|---|"]
    notes = dict.fromkeys((row.what, row.instead) for row in chosen)  # in order, each once
    for what, instead in notes:
        names = ", ".join(
            code(row.name) for row in chosen if (row.what, row.instead) == (what, instead)
        )
        lines.append(f"| {names} | {what} | {instead.replace('|', chr(92) + '|')} |")
    return lines


if __name__ == "__main__":
    FILE.parent.mkdir(exist_ok=True)
    FILE.write_text(page())
    print(f"wrote {FILE}")
