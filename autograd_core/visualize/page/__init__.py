"""One derivation as one HTML page that plays it: no network, no library, nothing to install.

==============  ====================================================================
``data``        the derivation as the JSON that the page reads
``quantities``  one value or gradient of it; big arrays as a heat map
``formulas``    formulas, as trees to compute with and as MathML to read
``functions``   how the page computes other values
``boxes``       how much room each node takes
``layout``      where the nodes stand, by Graphviz
``layered``     the same without a renderer
``document``    puts the page together
``assets``      the page itself: HTML, style and scripts
==============  ====================================================================
"""

from .document import page as page
