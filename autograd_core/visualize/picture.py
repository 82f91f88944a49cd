"""The picture object that ``draw`` returns: it shows itself and saves itself."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import graphviz  # type: ignore[import-untyped]

from autograd_core.files import write_atomically

from .palette import follow_reader
from .render import PictureError, format_of, render
from .view import GraphView

__all__ = ["Drawing"]


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

    def __repr__(self) -> str:
        view = self.graph_view
        if view is None or not view.vertices:
            return '<Drawing; .save("graph.svg"), ".png" or ".dot">'
        nodes = "node" if view.total == 1 else "nodes"
        return (
            f"<Drawing of {view.vertices[-1].label}: {view.total:,} {nodes};"
            ' .save("graph.svg"), ".png" or ".dot">'
        )

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
            content = self.source.encode() if image == "dot" else self.pipe(image)
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
        image = format or self.format
        content = render(self.source, image)
        if image == "svg":
            content = follow_reader(content.decode()).encode()
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

    def _repr_svg_(self) -> str:
        """For programs that ask for SVG by this name; notebooks ask for a bundle."""
        return str(self.pipe("svg", encoding="utf-8"))
