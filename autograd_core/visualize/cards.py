"""The box of each vertex: a small table with its name, its value, its gradient.

Labels are Graphviz's HTML-like tables; every text from outside is escaped on its way in, so
names like ``<script>`` or ``a|b`` are shown as they are.
"""

from __future__ import annotations

import html
import unicodedata
from dataclasses import dataclass

from .edge_gradients import sign_of
from .format import describe_array, shorten, visible
from .palette import LIGHT, Palette
from .view import Kind, Quantity, Repeat, State, Vertex

__all__ = ["QUIET", "Cards", "Show", "escape", "text_cell"]

#: Kinds that are drawn as grey text without a box.
QUIET = frozenset({Kind.CONSTANT, Kind.REFERENCE})
LONGEST_EXPRESSION = 48
LONGEST_BODY = 72
SMALL_SIZE = 9
ARROW = " → "


@dataclass(frozen=True, slots=True)
class Show:
    """What each box says.

    Attributes
    ----------
    values, gradients, shapes, operations : bool
    dtypes : bool or None
        ``None``: where there are shapes.
    locations : bool
        The line of the user's code, where the view has it.

    Examples
    --------
    >>> Show(shapes=False).array((2, 3), "float32")
    ''
    """

    values: bool = True
    gradients: bool = True
    shapes: bool = True
    dtypes: bool | None = None
    operations: bool = True
    locations: bool = True

    def array(self, shape: tuple[int, ...], dtype: object) -> str:
        """Shape and dtype, as far as they are wanted."""
        dtypes = self.shapes if self.dtypes is None else self.dtypes
        if self.shapes and dtypes:
            return describe_array(shape, dtype)
        if self.shapes:
            return str(tuple(shape)) if shape else "scalar"
        return str(dtype) if dtypes else ""


@dataclass(frozen=True, slots=True)
class Cards:
    """Builds the labels of vertices.

    Examples
    --------
    >>> import autograd_core as ag
    >>> from autograd_core.visualize import read
    >>> leaf = read(ag.Tensor(2.0, name="<x>")).vertices[0]
    >>> "<b>&lt;x&gt;</b>" in Cards(Show()).label(leaf)
    True
    """

    show: Show
    palette: Palette = LIGHT

    def label(self, vertex: Vertex) -> str:
        """The label of a vertex, as an HTML-like table."""
        return self._quiet(vertex) if vertex.kind in QUIET else self._card(vertex)

    def _card(self, vertex: Vertex) -> str:
        show, single = self.show, vertex.shape is not None
        lines = [text_cell(self._title(vertex), _title_text(vertex), span=2)]
        if vertex.repeat is not None:
            lines.append(self._small_line(vertex.repeat.members))
        if show.values and single:
            lines.append(self._row("value", _pair(vertex, "value"), vertex.value, self.palette.ink))
        if show.gradients and single:
            text = _pair(vertex, "gradient")
            colour = self.palette.gradient_of(_sign(vertex))
            lines.append(self._row("grad", text, vertex.gradient, colour))
        if _worth_saying(vertex):
            assert vertex.shape is not None
            described = show.array(vertex.shape, vertex.dtype)
            lines += [self._small_line(described)] if described else []
        if show.locations and vertex.location:
            lines.append(self._small_line(vertex.location))
        if vertex.note:
            lines.append(self._small_line(vertex.note))
        return self._frame(vertex, _table(lines))

    def _frame(self, vertex: Vertex, content: str) -> str:
        kind = vertex.kind
        if vertex.repeat is not None and vertex.repeat.result:
            kind = Kind.RESULT
        border, fill = self.palette.border(kind), self.palette.fill(kind)
        width = 2 if kind is Kind.RESULT and vertex.repeat is None else 1
        style = "rounded,dashed" if kind is Kind.FOLDED else "rounded"
        table = (
            f'<table border="{width}" cellborder="0" cellspacing="0" cellpadding="5"'
            f' style="{style}" color="{border}" bgcolor="{fill}">'
            f"<tr><td>{content}</td></tr></table>"
        )
        if vertex.repeat is None:
            return table
        return (  # two frames: a stack of boxes
            '<table border="1" cellborder="0" cellspacing="0" cellpadding="2"'
            f' style="rounded" color="{border}"><tr><td>{table}</td></tr></table>'
        )

    def _quiet(self, vertex: Vertex) -> str:
        content = self._coloured(escape(vertex.label), "quiet")
        if vertex.kind is Kind.REFERENCE:
            content = f"<i>{content}</i>"
        lines = [text_cell(content, vertex.label, align="center")]
        if vertex.kind is Kind.CONSTANT and vertex.shape:
            if self.show.values:
                text = vertex.value.text
                lines.append(text_cell(self._small(text), text, align="center"))
            text = self.show.array(vertex.shape, vertex.dtype)
            if text and not vertex.named:  # a nameless array is already called by its shape
                text = str(vertex.dtype)
            if text:
                lines.append(text_cell(self._small(text), text, align="center"))
        return _table(lines)

    def _title(self, vertex: Vertex) -> str:
        """The name in bold where it is the user's; the expression after it."""
        name = escape(vertex.label)
        if vertex.repeat is not None:
            return self._repeat(vertex.repeat)
        expression = escape(shorten(vertex.expression, LONGEST_EXPRESSION))
        if not expression or not self.show.operations:
            unnamed = vertex.kind in (Kind.LEAF, Kind.OPERATION) and not vertex.named
            return self._coloured(name, "quiet") if unnamed else f"<b>{name}</b>"
        if vertex.named:
            return f"<b>{name}</b> = {expression}"
        return f"{self._coloured(f'{name} =', 'quiet')} {expression}"

    def _repeat(self, repeat: Repeat) -> str:
        return f"<b>{repeat.count:,} ×</b> ({escape(shorten(repeat.body, LONGEST_BODY))})"

    def _row(self, caption: str, text: str, quantity: Quantity, colour: str) -> str:
        shown = escape(text)
        if quantity.state is State.KNOWN:
            content = f'<font color="{colour}">{shown}</font>'
        elif quantity.state is State.RELEASED:
            content = f"<s>{self._coloured(f'&#160;{shown}&#160;', 'unknown')}</s>"
        else:
            content = f"<i>{self._coloured(shown, 'unknown')}</i>"
        left = text_cell(self._small(caption, "&#160;&#160;"), caption)
        return left + text_cell(content, text, align="right")

    def _small_line(self, text: str) -> str:
        return text_cell(self._small(text), text, span=2)

    def _small(self, text: str, space: str = "") -> str:
        colour = self.palette.quiet
        return f'<font color="{colour}" point-size="{SMALL_SIZE}">{escape(text)}{space}</font>'

    def _coloured(self, escaped: str, role: str) -> str:
        return f'<font color="{getattr(self.palette, role)}">{escaped}</font>'


def _table(lines: list[str]) -> str:
    rows = "".join(f"<tr>{line}</tr>" for line in lines)
    return f'<table border="0" cellborder="0" cellspacing="0" cellpadding="1">{rows}</table>'


def _title_text(vertex: Vertex) -> str:
    if vertex.repeat is not None:
        return f"{vertex.repeat.count:,} × ({shorten(vertex.repeat.body, LONGEST_BODY)})"
    return f"{vertex.label} = {vertex.expression}"[: LONGEST_EXPRESSION + 40]


def _pair(vertex: Vertex, which: str) -> str:
    """A value or gradient; of a repeat of numbers, that of the first and of the last piece."""
    quantity: Quantity = getattr(vertex, which)
    if vertex.repeat is None or vertex.shape != ():
        return quantity.text
    first: Quantity = getattr(vertex.repeat, f"first_{which}")
    same = first.state is not State.KNOWN or first.text == quantity.text
    return quantity.text if same else f"{first.text}{ARROW}{quantity.text}"


def _sign(vertex: Vertex) -> int | None:
    """The sign of the gradient; of a repeat, if it is that of the first and of the last piece."""
    if vertex.gradient.state is not State.KNOWN:
        return None
    sign = sign_of(vertex.gradient.data)
    if vertex.repeat is None or vertex.shape != ():
        return sign
    first = vertex.repeat.first_gradient
    return sign if first.state is State.KNOWN and sign_of(first.data) == sign else None


def text_cell(content: str, text: str, *, align: str = "left", span: int = 1) -> str:
    """One table cell; ``text`` is what ``content`` shows, to reserve room for it.

    Examples
    --------
    >>> text_cell("<b>x</b>", "x")
    '<td align="left"><b>x</b></td>'
    """
    attributes = f' align="{align}"'
    if span > 1:
        attributes += f' colspan="{span}"'
    if not text.isascii():
        # Graphviz without a text engine measures letters beyond ASCII as blanks.
        attributes += f' width="{_estimated_width(text)}"'
    return f"<td{attributes}>{content}</td>"


def _estimated_width(text: str, size: float = 11) -> int:
    wide = sum(unicodedata.east_asian_width(character) in "WF" for character in text)
    return round(size * (0.5 * (len(text) - wide) + wide)) + 4


def escape(text: str) -> str:
    r"""Make any text fit for an HTML-like label.

    Examples
    --------
    >>> print(escape("a<b & c\n"))
    a&lt;b &amp; c\\n
    """
    # Doubled: Graphviz replaces a backslash and a letter in any label (by the node's name, ...).
    return html.escape(visible(text)).replace("\\", r"\\")


def _worth_saying(vertex: Vertex) -> bool:
    """Shape and dtype are shown unless they are the usual: one float64 number."""
    return vertex.shape is not None and (vertex.shape != () or str(vertex.dtype) != "float64")
