"""Territories: their names, numbers, shapes, neighbours, regions and cells."""
