"""Side by side with the peers: the same work, the same machine, every answer checked first.

Run it with ``python -m benchmarks`` from the top of the repository (``--help`` lists the
options). The packages ``autograd_core`` and ``nn`` never import anything from here.
"""
