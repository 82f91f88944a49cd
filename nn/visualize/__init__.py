"""Seeing a network, on one example and as it learns: its film, the loss surface it walks on."""
