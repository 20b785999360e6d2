"""The client with which the server asks other servers and tells webhooks."""

from __future__ import annotations

from collections.abc import Callable

import httpx

PATIENCE = 5.0
"""Seconds for which another server is waited for."""
Open = Callable[[str, dict[str, str]], httpx.Client]
"""Opens a client for an address, with headers."""


def open_client(url: str, headers: dict[str, str]) -> httpx.Client:
    """Open a client that waits for a while and follows no redirects."""
    return httpx.Client(base_url=url, headers=headers, timeout=PATIENCE, follow_redirects=False)
