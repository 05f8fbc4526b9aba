"""Landmark labels of real photographs, and labels that a model makes."""
