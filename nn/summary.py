"""What a model is made of, layer by layer: shapes, parameters, memory, multiplications."""

from __future__ import annotations

import copy
import html
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import DTypeLike

import autograd_core as ag
from autograd_core import Tensor

from .module import Module
from .parameter import Parameter
from .watch import watch

__all__ = ["LayerRow", "Summary", "summary"]

Shape = tuple[int, ...]


@dataclass(frozen=True)
class LayerRow:
    """One layer of a summary.

    Attributes
    ----------
    name : str
        Dotted name in the model; "" for the model itself.
    kind : str
        The layer's class.
    shape : tuple of int, or text
        Of what comes out.
    parameters, trainable : int
        Numbers of its own (not of layers inside), and how many of them are trained.
    multiply_adds : int
        Of one call, its own.
    bytes : int
        Of what comes out.
    """

    name: str
    kind: str
    shape: Any
    parameters: int
    trainable: int
    multiply_adds: int
    bytes: int


class Summary:
    """What `nn.summary` found; prints as a table, also in a notebook.

    Attributes
    ----------
    rows : list of LayerRow
        In the order in which the layers were called.
    parameters, trainable : int
        Numbers in all parameters, each shared one counted once; and how many are trained.
    multiply_adds : int
        Of one forward pass of this input.
    parameter_bytes, activation_bytes : int
        Memory of the parameters, and of what the layers put out (which a training step keeps,
        about).
    not_called : list of (str, int)
        Name and number of parameters of each layer that the forward pass never called. The totals
        count these parameters too; a forward pass that reads such a layer's weights without
        calling it may use them all the same.

    Examples
    --------
    >>> import nn
    >>> found = nn.summary(nn.MLP(3, [4], 2), (3,))
    >>> found.parameters, found.multiply_adds, len(found.rows)
    (26, 20, 3)
    """

    def __init__(
        self,
        model: Module,
        rows: list[LayerRow],
        inputs: Sequence[Shape],
        not_called: Sequence[tuple[str, int]] = (),
    ) -> None:
        self.not_called = list(not_called)
        self.title = type(model).__name__
        self.inputs = tuple(inputs)
        self.rows = rows
        parameters = list(model.parameters())
        self.parameters = sum(p.size for p in parameters)
        self.trainable = sum(p.size for p in parameters if p.requires_grad)
        self.multiply_adds = sum(row.multiply_adds for row in rows)
        self.parameter_bytes = sum(p.nbytes for p in parameters)
        self.activation_bytes = sum(row.bytes for row in rows)

    HEADINGS = ("layer", "kind", "output shape", "parameters", "multiply-adds")

    def _cells(self) -> list[tuple[str, ...]]:
        return [
            (
                row.name or "(the model)",
                row.kind,
                str(row.shape),
                f"{row.parameters:,}" + ("" if row.trainable == row.parameters else " frozen"),
                f"{row.multiply_adds:,}",
            )
            for row in self.rows
        ]

    def _totals(self) -> list[str]:
        frozen = self.parameters - self.trainable
        return [
            f"input {', '.join(map(str, self.inputs))}",
            f"{self.parameters:,} parameters"
            + (f", {frozen:,} of them frozen" if frozen else "")
            + f" ({_size(self.parameter_bytes)})",
            f"{self.multiply_adds:,} multiply-adds",
            f"{_size(self.activation_bytes)} of activations",
        ]

    def _remark(self) -> str:
        if not self.not_called:
            return ""
        layers = ", ".join(
            f"{name} ({count:,} parameter{'' if count == 1 else 's'})"
            for name, count in self.not_called
        )
        return f"not called in this forward pass, but counted in the total: {layers}"

    def __repr__(self) -> str:
        lines = [self.HEADINGS, *self._cells()]
        widths = [max(map(len, column)) for column in zip(*lines, strict=True)]
        text = [
            "  ".join(
                cell.rjust(width) if column > 2 else cell.ljust(width)
                for column, (cell, width) in enumerate(zip(line, widths, strict=True))
            ).rstrip()
            for line in lines
        ]
        rule = "-" * max(map(len, text))
        remarks = [remark] if (remark := self._remark()) else []
        return "\n".join(
            [self.title, rule, text[0], rule, *text[1:], rule, "; ".join(self._totals()), *remarks]
        )

    def _repr_html_(self) -> str:
        head = "".join(f"<th>{heading}</th>" for heading in self.HEADINGS)
        body = "".join(
            "<tr>"
            + "".join(
                f'<td style="text-align:{"right" if column > 2 else "left"}">'
                f"{html.escape(cell)}</td>"
                for column, cell in enumerate(cells)
            )
            + "</tr>"
            for cells in self._cells()
        )
        totals = html.escape("; ".join(self._totals()))
        remark = f"<p>{html.escape(self._remark())}</p>" if self.not_called else ""
        return (
            f"<table><caption>{html.escape(self.title)}</caption><thead><tr>{head}</tr></thead>"
            f"<tbody>{body}</tbody></table><p>{totals}</p>{remark}"
        )


def summary(
    model: Module, *input_shapes: Shape, batch: int = 1, dtype: DTypeLike = np.float32
) -> Summary:
    """Run a copy of the model once on zeros and say what each layer is and costs.

    Parameters
    ----------
    model : Module
    *input_shapes : tuple of int
        Of one example, without the batch: ``(784,)`` or ``(1, 28, 28)``; one for each input.
    batch : int, default 1
        How many examples the shapes, the memory and the multiply-adds are for.
    dtype : data-type, default float32
        Of the input; ``int`` for a model that begins with an Embedding.

    Raises
    ------
    TypeError
        No shape was given, or one is not a tuple of whole numbers.
    ShapeError, DTypeError
        The model does not take such an input; the message of the layer that refused it.

    Examples
    --------
    >>> import nn
    >>> nn.summary(nn.MLP(784, [30], 10), (784,))
    MLP
    ------------------------------------------------------
    layer  kind    output shape  parameters  multiply-adds
    ------------------------------------------------------
    0      Linear  (1, 30)           23,550         23,520
    1      ReLU    (1, 30)                0              0
    2      Linear  (1, 10)              310            300
    ------------------------------------------------------
    input (1, 784); 23,860 parameters (93.2 KiB); 23,820 multiply-adds; 280 bytes of activations
    """
    if not input_shapes or not all(map(_is_shape, input_shapes)):
        raise TypeError(
            "summary: give the shape of one example, without the batch, as a tuple for each input: "
            f"nn.summary(model, (784,)); got {', '.join(map(repr, input_shapes)) or 'none'}"
        )
    shapes = [(batch, *shape) for shape in input_shapes]
    inputs = [np.zeros(shape, dtype) for shape in shapes]
    rows: list[LayerRow] = []
    called: set[int] = set()
    copied = copy.deepcopy(model).eval()  # nobody's running statistics or dropout moves

    def report(name: str, module: Module, given: tuple[Any, ...], output: Any) -> None:
        called.add(id(module))
        inside = [child for child in module.modules() if child is not module]
        own = _own_parameters(module)
        multiply_adds = module.multiply_adds(given, output)
        if inside and not own and not multiply_adds:
            return  # a container: its contents have rows of their own
        rows.append(
            LayerRow(
                name,
                type(module).__name__,
                _shape_of(output),
                sum(p.size for p in own),
                sum(p.size for p in own if p.requires_grad),
                multiply_adds,
                sum(part.nbytes for part in _parts(output)),
            )
        )

    with ag.no_grad(), np.errstate(all="ignore"), watch(copied, report):
        try:
            copied(*inputs)
        except ag.DTypeError as error:
            if np.dtype(dtype).kind != "f":
                raise
            raise ag.DTypeError(
                f"{error} For a model that begins with an Embedding: nn.summary(..., dtype=int)"
            ) from error
    return Summary(model, rows, shapes, list(_not_called(copied, called)))


def _own_parameters(module: Module) -> list[Parameter]:
    """Those of the module itself; the modules inside have rows of their own."""
    inside = (child for child in module.modules() if child is not module)
    within = {id(p) for child in inside for p in child.parameters()}
    return [p for p in module.parameters() if id(p) not in within]


def _not_called(model: Module, called: set[int]) -> Iterator[tuple[str, int]]:
    """Name and number of parameters of what was left out; of nested modules the outermost."""
    counted = {id(p) for m in model.modules() if id(m) in called for p in _own_parameters(m)}
    covered: set[int] = set()
    for name, module in model.named_modules():
        inside = {id(child) for child in module.modules()}
        if id(module) in covered or inside & called:
            continue
        covered |= inside
        left = {id(p): p for p in module.parameters() if id(p) not in counted}
        if left:
            counted |= left.keys()
            yield name, sum(p.size for p in left.values())


def _is_shape(shape: Any) -> bool:
    return isinstance(shape, tuple | list) and all(
        isinstance(length, int | np.integer) and length >= 0 for length in shape
    )


def _parts(output: Any) -> list[Any]:
    """The arrays of an output, which may be nested tuples."""
    if isinstance(output, tuple | list):
        return [part for item in output for part in _parts(item)]
    return [output.data if isinstance(output, Tensor) else np.asarray(output)]


def _shape_of(output: Any) -> Any:
    if isinstance(output, tuple | list):
        return ", ".join(str(part.shape) for part in _parts(output))
    return tuple(output.shape)


def _size(count: int) -> str:
    """A number of bytes in the unit that keeps it short."""
    size = float(count)
    for unit in ("bytes", "KiB", "MiB"):
        if size < 1024.0:
            return f"{count} bytes" if unit == "bytes" else f"{size:.1f} {unit}"
        size /= 1024.0
    return f"{size:.1f} GiB"
