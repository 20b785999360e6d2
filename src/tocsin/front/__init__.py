"""The front door for Python: what `tocsin.read`, `.link`, `.fuse`, `.forecast`, `.compare` do.

Frames in (Polars, pandas, or anything with the Arrow interface), results with named attributes
out. Each function composes what the stages offer; nothing is computed here.
"""
