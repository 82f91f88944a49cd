"""The command line, `python -m nn`: one file for each of its commands.

=============  ====================================================================
``entry``      from the words on the command line to an exit status
``options``    options that are checked, and how a wrong one is answered
``train``      `train digits`, `train mnist`, `train table.csv --target species`
``predict``    `predict model/ table.csv`
``explain``    `explain model/ table.csv --row 7`
``summary``    `summary model/`
=============  ====================================================================
"""

from .entry import main

__all__ = ["main"]
