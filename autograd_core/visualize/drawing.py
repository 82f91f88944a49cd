"""``draw``: a recorded graph as a picture that shows itself and saves itself."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import graphviz  # type: ignore[import-untyped]

from autograd_core.files import write_atomically
from autograd_core.tensor import Tensor

from .dot import DIRECTIONS, write
from .names import named_arrays, variables_of
from .reading import read
from .references import cut_long_edges
from .render import PictureError, format_of, render
from .view import GraphView

__all__ = ["LIMIT", "Drawing", "draw"]

#: Nodes drawn when ``limit`` is not given; a bigger picture is slow and not legible.
LIMIT = 2_000


class Drawing(graphviz.Digraph):  # type: ignore[misc]  # no stubs exist
    """A ``graphviz.Digraph`` that needs no ``dot`` program, and saves by suffix.

    It shows itself in a notebook; ``print(drawing.source)`` gives the DOT text; everything else
    that a ``Digraph`` can do (more nodes, clusters, attributes) still works on it.

    Attributes
    ----------
    graph_view : GraphView or None
        What was read from the graph: vertices and edges, for programs.

    Examples
    --------
    >>> import autograd_core as ag
    >>> x = ag.Tensor(2.0)
    >>> drawing = ag.draw(x * x)
    >>> [vertex.label for vertex in drawing.graph_view.vertices]
    ['x', 'v1']
    """

    graph_view: GraphView | None = None

    def save(
        self,
        filename: Any = None,
        directory: Any = None,
        *,
        skip_existing: bool | None = False,
    ) -> str:
        """Write the picture to a file, in the format that its suffix names.

        Parameters
        ----------
        filename : path
            Ends in ``.dot`` or ``.gv`` (DOT text), ``.svg`` or ``.png``. Folders on the way are
            made; a file of that name is replaced in one step, never left half-written.
        directory : path, optional
            Where `filename` starts from.
        skip_existing : bool
            Leave a file that is there as it is.

        Returns
        -------
        str
            The path that was written.

        Raises
        ------
        PictureError
            If the suffix names no known format, or nothing at hand can render it.

        Examples
        --------
        >>> import pathlib, tempfile
        >>> import autograd_core as ag
        >>> x = ag.Tensor(2.0)
        >>> with tempfile.TemporaryDirectory() as folder:
        ...     path = ag.draw(x * x).save("square.svg", folder)
        ...     "<svg" in pathlib.Path(path).read_text()
        True
        """
        if filename is not None:
            self.filename = filename
        if directory is not None:
            self.directory = directory
        path = Path(self.directory, self.filename)
        image = format_of(path)
        if not (skip_existing and path.exists()):
            content = self.source.encode() if image == "dot" else render(self.source, image)
            write_atomically(path, content)
        return str(path)

    def pipe(
        self,
        format: str | None = None,  # noqa: A002 - graphviz's own name for it
        *,
        encoding: str | None = None,
        **options: Any,
    ) -> Any:
        """Return the picture as bytes, or as text if an ``encoding`` is given.

        Parameters
        ----------
        format : str, optional
            ``"svg"`` or ``"png"``; by default the ``format`` of this object, which is ``"svg"``.
        encoding : str, optional
            Such as ``"utf-8"``, for SVG as text.
        **options
            ``quiet``, which ``graphviz`` passes on; other options are refused.

        Examples
        --------
        >>> import autograd_core as ag
        >>> x = ag.Tensor(2.0)
        >>> ag.draw(x * x).pipe("svg", encoding="utf-8")[:5]
        '<?xml'
        """
        unknown = sorted(options.keys() - {"quiet", "quiet_view"})
        if unknown:
            raise PictureError(f"pipe() of a drawing takes no {', '.join(unknown)}.")
        content = render(self.source, format or self.format)
        return content if encoding is None else content.decode(encoding)

    def render(
        self,
        filename: Any = None,
        directory: Any = None,
        view: bool = False,
        cleanup: bool = False,
        format: str | None = None,  # noqa: A002 - graphviz's own name for it
        *,
        outfile: Any = None,
        **options: Any,
    ) -> str:
        """Write DOT text and picture side by side, as ``graphviz.Digraph.render`` does.

        ``save`` is the simpler way; this is here for programs that already use ``graphviz``.

        Returns
        -------
        str
            The path of the picture.

        Examples
        --------
        >>> import pathlib, tempfile
        >>> import autograd_core as ag
        >>> x = ag.Tensor(2.0)
        >>> with tempfile.TemporaryDirectory() as folder:
        ...     pathlib.Path(ag.draw(x * x).render("square.gv", folder, format="png")).name
        'square.gv.png'
        """
        if filename is not None:
            self.filename = filename
        if directory is not None:
            self.directory = directory
        source_path = Path(self.directory, self.filename)
        if outfile is None:
            image = format or self.format
            outfile = source_path.with_name(f"{source_path.name}.{image}")
        else:
            image = format or format_of(outfile)
        picture = self.pipe(image, **options)
        if not cleanup:
            write_atomically(source_path, self.source.encode())
        write_atomically(outfile, picture)
        if view:  # pragma: no cover - opens a window
            self._view(str(outfile), format=image, quiet=False)
        return str(outfile)


def draw(
    tensor: Tensor,
    *,
    direction: str = "LR",
    values: bool = True,
    gradients: bool = True,
    shapes: bool = True,
    names: Mapping[str, Any] | None = None,
    seed: Any = None,
    limit: int = LIMIT,
) -> Drawing:
    """Draw the graph that computed ``tensor``: operations, values and all gradients.

    The drawing shows itself in a notebook; ``.save("graph.svg")`` writes it (also ``.png`` and
    ``.dot``). Nothing is changed: gradients are computed for the picture, before or after
    ``backward()``, and nobody's ``.grad`` is touched.

    Blue boxes are leaves, grey ones operations, the green one is the result; constants are plain
    grey numbers. What is not there is said in words, never as the number 0: *not computed*,
    *not kept* (over 1 KiB: too big to stay with the graph) and *released* (the same, after
    ``backward()``). float64 scalars, the usual, are drawn without shape and dtype.

    Parameters
    ----------
    tensor : Tensor
        The result.
    direction : str
        Where the result stands, seen from the leaves: ``"LR"`` right, ``"TB"`` below, ``"RL"``
        left, ``"BT"`` above.
    values, gradients, shapes : bool
        What to show in each box.
    names : mapping of str to Tensor or array, optional
        What to call Tensors that have no name of their own, and constant arrays. By
        default the caller's own variable names are taken (not those that begin with an
        underscore); ``{}`` takes none.
    seed : array_like, optional
        The gradient at ``tensor``. Without one, gradients are shown if ``tensor`` is a single
        number.
    limit : int
        Draw only this many of the latest nodes; one box says how many earlier ones there are.

    Returns
    -------
    Drawing

    Raises
    ------
    GraphError
        If ``tensor`` does not record: there is no graph.
    DTypeError
        If it is not a Tensor.
    PictureError
        If ``direction`` or ``limit`` is not one of the above.

    Examples
    --------
    >>> import autograd_core as ag
    >>> x, w = ag.Tensor(2.0), ag.Tensor(-3.0)
    >>> drawing = ag.draw(x * w)
    >>> for vertex in drawing.graph_view.vertices:
    ...     print(vertex.label, vertex.value.text, vertex.gradient.text)
    x 2 -3
    w -3 2
    v2 -6 1
    >>> x.grad is None
    True
    """
    if direction not in DIRECTIONS:
        raise PictureError(
            f"direction must be one of {', '.join(map(repr, DIRECTIONS))}, not {direction!r}."
        )
    if limit < 1:
        raise PictureError(f"limit is the number of nodes to draw, at least 1, not {limit}.")
    if names is None:
        names = dict(named_arrays(variables_of(sys._getframe(1))))
    view = read(tensor, names, gradients=gradients, seed=seed, limit=limit)
    drawing = Drawing(format="svg")
    drawing.graph_view = view
    write(
        cut_long_edges(view),
        drawing,
        direction=direction,
        values=values,
        gradients=gradients,
        shapes=shapes,
    )
    return drawing
