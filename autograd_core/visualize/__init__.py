"""Seeing a graph. One reading of the recorded nodes (`view`), and what is made from it.

===============  ==============================================================
``view``         the records: vertices, edges, values, gradients
``reading``      makes them from the engine's nodes
``notation``     how one operation reads, ``x × w``
``format``       how a number, an array or a name reads
``names``        the caller's own variable names
``references``   keeps pictures of long chains legible and quick to lay out
``dot``          writes a view as DOT text
``table``        the steps as an aligned table for the terminal
``render``       DOT text to SVG and PNG, and to a file
``drawing``      ``draw`` and the object it returns
===============  ==============================================================
"""

from .drawing import Drawing as Drawing
from .drawing import draw as draw
from .reading import read as read
from .render import PictureError as PictureError
from .view import GraphView as GraphView
