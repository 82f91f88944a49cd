"""``explain``: both passes of a graph step by step, to be read in a terminal, a text or a page."""

from __future__ import annotations

import html
import os
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from autograd_core.errors import DTypeError, describe
from autograd_core.files import write_atomically
from autograd_core.tensor import Tensor

from .derivation import Derivation
from .latex import derivation_latex, derivation_markdown
from .names import named_arrays, variables_of
from .page import page
from .prose import derivation_text
from .render import PictureError
from .replay import LIMIT, derive

__all__ = ["Explanation", "explain"]

HEIGHT = 760  # pixels of the page in a notebook's cell


class Explanation:
    """Both passes of one graph, step by step. Made by :func:`autograd_core.explain`.

    In a notebook it shows itself as the page with the player; ``print(explanation.text)`` is
    for the terminal.

    Attributes
    ----------
    derivation : Derivation
        The steps as records, for programs.

    Examples
    --------
    >>> import autograd_core as ag
    >>> x, w = ag.Tensor(2.0), ag.Tensor(-3.5)
    >>> ag.explain(x * w)
    <Explanation of v2 = x × w: 3 values forward, 3 steps back; \
.text .latex .markdown .html>
    """

    def __init__(self, derivation: Derivation) -> None:
        self.derivation = derivation

    @property
    def text(self) -> str:
        """The steps for a terminal: a table forward, then each step of the reverse pass."""
        return derivation_text(self.derivation)

    @property
    def latex(self) -> str:
        """One line a node in LaTeX: symbols, then numbers."""
        return derivation_latex(self.derivation)

    @property
    def markdown(self) -> str:
        """The same with words between, as Markdown."""
        return derivation_markdown(self.derivation)

    @property
    def html(self) -> str:
        """One page that needs nothing else: graph, player, formulas."""
        return page(self.derivation, title=self._title)

    @property
    def _title(self) -> str:
        result = self.derivation.view.vertices[-1]
        return f"{result.label} = {result.expression}" if result.expression else result.label

    def __repr__(self) -> str:
        forward, reverse = len(self.derivation.forward), len(self.derivation.reverse)
        values = "value" if forward == 1 else "values"
        steps = "step" if reverse == 1 else "steps"
        return (
            f"<Explanation of {self._title}: {forward:,} {values} forward, {reverse:,} {steps}"
            " back; .text .latex .markdown .html>"
        )

    def __str__(self) -> str:
        return self.text

    def _repr_html_(self) -> str:
        # In a frame without rights of its own: neither can touch the other.
        return (
            f'<iframe srcdoc="{html.escape(self.html)}" sandbox="allow-scripts"'
            f' title="{html.escape(self._title)}" loading="lazy"'
            f' style="width: 100%; height: {HEIGHT}px; border: 0"></iframe>'
        )

    def save(self, path: str | os.PathLike[str]) -> str:
        """Write the explanation to a file, in the form that its suffix names.

        Parameters
        ----------
        path : path
            Ends in ``.html``, ``.md``, ``.tex`` or ``.txt``. A file of that name is replaced in
            one step.

        Returns
        -------
        str
            The path that was written.

        Raises
        ------
        PictureError
            If the suffix names none of these.

        Examples
        --------
        >>> import pathlib, tempfile
        >>> import autograd_core as ag
        >>> x = ag.Tensor(2.0)
        >>> with tempfile.TemporaryDirectory() as folder:
        ...     path = ag.explain(x * x).save(pathlib.Path(folder, "steps.txt"))
        ...     pathlib.Path(path).read_text(encoding="utf-8")[:7]
        'Forward'
        """
        suffix = Path(path).suffix
        write = FORMS.get(suffix.lower())
        if write is None:
            ending = f"ends in {suffix!r}" if suffix else "has no suffix"
            raise PictureError(
                "An explanation is saved as .html, .md, .tex or .txt;"
                f" {os.fspath(path)!r} {ending}."
            )
        write_atomically(Path(path), write(self).encode("utf-8"))
        return os.fspath(path)


FORMS: dict[str, Callable[[Explanation], str]] = {
    ".html": lambda explanation: explanation.html,
    ".md": lambda explanation: explanation.markdown,
    ".tex": lambda explanation: explanation.latex,
    ".txt": lambda explanation: explanation.text + "\n",
}


def explain(
    tensor: Tensor,
    *,
    names: Mapping[str, Any] | None = None,
    seed: Any = None,
    limit: int | None = LIMIT,
) -> Explanation:
    """Explain how ``tensor`` was computed and how its gradient flows back, step by step.

    For each step of the reverse pass: the gradient that arrived, the local derivatives in symbols
    and numbers, what is added to each operand and the sum so far, and why this step comes now.
    Nothing is changed: neither the graph nor anybody's ``.grad``, before or after ``backward()``.

    Parameters
    ----------
    tensor : Tensor
        The result.
    names : mapping of str to Tensor or array, optional
        What to call Tensors that have no name of their own, and constant arrays. By default the
        caller's own variable names are taken; ``{}`` takes none.
    seed : array_like, optional
        The gradient at ``tensor``. Without one, there are numbers if ``tensor`` is a single
        number; otherwise only symbols.
    limit : int, optional
        Explain only this many of the latest nodes; None explains all of them.

    Returns
    -------
    Explanation
        With ``.text``, ``.latex``, ``.markdown``, ``.html`` and ``.save("steps.html")``.

    Raises
    ------
    GraphError
        If ``tensor`` does not record: there is nothing to explain.
    DTypeError
        If it is not a Tensor.
    PictureError
        If ``limit`` is less than 1.

    Examples
    --------
    >>> import autograd_core as ag
    >>> x, w = ag.Tensor(2.0), ag.Tensor(-3.5)
    >>> print(ag.explain(x * w + x).text)
    Forward: values in the order they were computed
    <BLANKLINE>
    your line: ...
    <BLANKLINE>
    step          value
    x               2
    w              -3.5
    v2 = x × w     -7
    v3 = v2 + x    -5
    <BLANKLINE>
    Reverse: from the result back to the leaves
    <BLANKLINE>
    1. v3 = v2 + x
       v3 comes first: it is the result, so there is nothing to wait for.
       grad v3 = 1
       ∂v3/∂v2 = 1
       ∂v3/∂x =  1
       grad v2 += grad v3 = 1
       grad x +=  grad v3 = 1   (1 of 2, sum so far 1)
    <BLANKLINE>
    2. v2 = x × w
       v2 comes now: v3, the only node that used it, is done.
       grad v2 = 1
       ∂v2/∂x = w = -3.5
       ∂v2/∂w = x = 2
       grad x += grad v2 × w = 1 × (-3.5) = -3.5   (2 of 2, sum so far -2.5)
       grad w += grad v2 × x = 1 × 2      = 2
    <BLANKLINE>
    3. x
       x is a leaf, nothing lies before it: both nodes that used it, v2 and v3, are done, so
       its gradient is complete.
       sum over the paths through v3, v2:
       grad x = 1 + (-3.5) = -2.5
    <BLANKLINE>
    4. w
       w is a leaf, nothing lies before it: v2, the only node that used it, is done, so its
       gradient is complete.
       grad w = 2
    """
    if not isinstance(tensor, Tensor):
        raise DTypeError(
            f"explain: {describe(tensor)} is not a Tensor, so nothing is known of how it was"
            " computed. Give the Tensor whose computation you want to see, such as the loss,"
            " before .item(), float() or .data."
        )
    if limit is not None and limit < 1:
        raise PictureError(f"limit is the number of nodes to explain, at least 1, not {limit}.")
    if names is None:
        names = dict(named_arrays(variables_of(sys._getframe(1))))
    return Explanation(derive(tensor, names, seed=seed, limit=limit))
