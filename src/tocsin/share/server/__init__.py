"""The exchange server: where neighbours warn each other, and each sees what they may.

`database/` keeps, `access/` decides who may see and do what, `api/` speaks to programs, `pages/`
to people. Nothing here is imported by the rest of `share`, so that the brief needs no server.
"""
