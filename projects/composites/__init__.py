"""Garments cut out of photographs, put into new poses and places."""
