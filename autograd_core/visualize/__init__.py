"""Seeing a graph. One reading of the recorded nodes (`view`), and what is made from it.

===============  ==============================================================
``view``         the records: vertices, edges, values, gradients
``reading``      makes them from the engine's nodes
``notation``     how one operation reads, ``x × w``
``format``       how a number, an array or a name reads
``names``        the caller's own variable names
``references``   keeps pictures of long chains legible and quick to lay out
``limits``       leaves out what is far from the result
``folding``      makes one box of equal pieces (found by ``periods``, written by ``repeats``)
``clusters``     which module computed what (modules are listed by ``parts``)
``palette``      colours, light and dark
``cards``        the box of a vertex
``dot``          writes a view as DOT text
``table``        the steps as an aligned table for the terminal
``render``       DOT text to SVG and PNG, and to a file
``picture``      the object that ``draw`` returns
``drawing``      ``draw``
``answering``    ``why``: why a gradient is None, 0, tiny, huge or not finite
``answer``       what it answers (see ``gradient_flow``, ``causes``, ``cuts``)
``symbols``      formulas as data, and how they read as text (shorter by ``simplifying``)
``tracing``      a rule in symbols: it is run on arrays that remember (``traced``)
``derivation``   the records of an explanation; ``replay`` makes them of a graph, with the help of
                 ``graph_symbols``, ``rules_in_symbols``, ``conjugation``, ``order``, ``sources``
``prose``        a derivation for the terminal
``latex``        a derivation as LaTeX and Markdown (names and numbers in ``latex_words``, formulas
                 in ``latex_formula``); ``mathml`` converts formulas for the page
``fundamental``  the four fundamental equations of backpropagation, for the ``layers`` found
``explaining``   ``explain`` and the object it returns
===============  ==============================================================
"""

from .answering import why as why
from .drawing import Drawing as Drawing
from .drawing import draw as draw
from .explaining import Explanation as Explanation
from .explaining import explain as explain
from .reading import read as read
from .render import PictureError as PictureError
from .view import GraphView as GraphView
