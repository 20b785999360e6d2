"""Workbooks of office programs: one sheet of each is read as a table of texts."""
