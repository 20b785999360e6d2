"""Headers, sizes, and logs without secrets."""

from __future__ import annotations

import logging
from collections.abc import Iterator

import pytest
from fastapi.testclient import TestClient

from share.server.conftest import Site


def test_every_answer_carries_the_headers(site: Site) -> None:
    client = site.client()
    for path in ("/health", "/api/objects", "/api/objects/x", "/nowhere", "/openapi.json"):
        headers = client.get(path).headers
        assert "script-src 'self'" in headers["content-security-policy"]
        assert "frame-ancestors 'none'" in headers["content-security-policy"]
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["cache-control"] == "no-store"
        assert "max-age" in headers["strict-transport-security"]


def test_browsers_are_told_to_insist_on_tls_except_for_an_own_certificate(site: Site) -> None:
    plain = TestClient(site.app, base_url="http://testserver")
    assert "strict-transport-security" not in plain.get("/health").headers
    site.service.insists_on_tls = False
    assert "strict-transport-security" not in site.client().get("/health").headers


def test_a_request_that_is_too_large_is_refused_whether_it_says_so_or_not(site: Site) -> None:
    site.account("Ama")
    client = site.client("Ama")

    def pieces() -> Iterator[bytes]:
        for _ in range(30):
            yield b" " * 100_000

    big = b" " * 3_000_000
    kind = {"content-type": "application/json"}
    assert client.post("/api/objects", content=big, headers=kind).status_code == 413
    assert client.post("/api/objects", content=pieces(), headers=kind).status_code == 413


def test_the_log_has_a_line_a_request_and_no_secret(
    site: Site, caplog: pytest.LogCaptureFixture
) -> None:
    site.account("Ama")
    client = site.client("Ama")
    with caplog.at_level(logging.INFO, "tocsin.server"):
        client.get("/api/objects/warning--secret?token=hidden")
    token = client.headers["authorization"].partition(" ")[2]
    last = [one for one in caplog.records if one.name == "tocsin.server"][-1]
    assert isinstance(last.msg, dict)
    assert (last.msg["route"], last.msg["status"]) == ("/api/objects/{id}", 404)
    line = last.getMessage()
    assert not any(secret in line for secret in (token, "hidden", "warning--secret"))


def test_metrics_are_for_operators(site: Site) -> None:
    site.account("Ama")
    site.account("Olu", role="administrator")
    site.put("warning--1", "RED")
    assert site.client().get("/metrics").status_code == 401
    assert site.client("Ama").get("/metrics").status_code == 403
    text = site.client("Olu").get("/metrics").text
    assert 'tocsin_objects{type="warning"} 1' in text
    assert 'route="/metrics",status="403"} 1' in text
