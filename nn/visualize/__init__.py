"""Seeing a network learn: the film of a training and the loss surface it walks on."""
