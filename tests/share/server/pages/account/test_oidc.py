"""Sign-in by an organisation's own service: a small one, which is started here and may lie."""

from __future__ import annotations

import base64
import hashlib
import html
import json
import re
import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from fastapi.testclient import TestClient
from joserfc import jwt
from joserfc.jwk import ECKey, KeySet

from share.server.conftest import Hands, Site
from share.server.pages.account.test_own import act, browser, csrf, is_in
from tocsin.errors import UsageError
from tocsin.share.server.accounts.oidc import Provider, check_protected
from tocsin.share.server.settings import OidcSettings, ServerSettings


class Service(BaseHTTPRequestHandler):
    """A provider of OpenID Connect with one user, who is let in without being asked."""

    key = ECKey.generate_key("P-256", {"kid": "1", "use": "sig", "alg": "ES256"})
    other = ECKey.generate_key("P-256", {"kid": "1", "use": "sig", "alg": "ES256"})
    asked: dict[str, str]
    """What the browser brought: by code, the challenge; and the nonce."""
    lies: dict[str, Any]
    """What the next identity says wrongly; `key`: it is signed with another key."""
    now: Hands

    def log_message(self, *_: object) -> None:
        """Say nothing."""

    @property
    def issuer(self) -> str:
        port = self.server.server_address[1]
        return f"http://127.0.0.1:{port}"

    def do_GET(self) -> None:
        if self.path == "/keys":
            self._answer(KeySet([self.key]).as_dict(private=False))
        else:
            self._answer({
                "issuer": self.issuer, "authorization_endpoint": f"{self.issuer}/authorize",
                "token_endpoint": f"{self.issuer}/token", "jwks_uri": f"{self.issuer}/keys",
            })  # fmt: skip

    def do_POST(self) -> None:
        form = parse_qs(self.rfile.read(int(self.headers["content-length"])).decode())
        basic = base64.b64decode(self.headers.get("authorization", "")[6:]).decode()
        made = hashlib.sha256(form["code_verifier"][0].encode()).digest()
        challenge = base64.urlsafe_b64encode(made).rstrip(b"=").decode()
        if basic != "tocsin:secret" or challenge != self.asked.get(form["code"][0]):
            self._answer({"error": "invalid_grant"}, 400)
            return
        second = int(self.now().timestamp())
        claims = {"iss": self.issuer, "aud": "tocsin", "sub": "u-1", "iat": second,
                  "exp": second + 300, "nonce": self.asked["nonce"]}  # fmt: skip
        claims |= {name: told for name, told in self.lies.items() if name != "key"}
        key = self.other if "key" in self.lies else self.key
        token = jwt.encode({"alg": "ES256", "kid": "1"}, claims, key)
        self._answer({"access_token": "a", "token_type": "Bearer", "id_token": token})

    def _answer(self, told: Any, status: int = 200) -> None:
        body = json.dumps(told).encode()
        self.send_response(status)
        self.send_header("content-type", "application/json")
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


@pytest.fixture
def service(site: Site, tmp_path: Path, hands: Hands) -> Iterator[type[Service]]:
    Service.asked, Service.lies, Service.now = {}, {}, hands
    server = HTTPServer(("127.0.0.1", 0), Service)
    threading.Thread(target=lambda: server.serve_forever(0.01), daemon=True).start()
    secret = tmp_path / "secret"
    secret.write_text("secret\n")
    told = OidcSettings(issuer=f"http://127.0.0.1:{server.server_address[1]}", client_id="tocsin",
                        client_secret_file=str(secret))  # fmt: skip
    site.service.settings = ServerSettings(oidc=told, sign_ins_per_hour=1000)
    site.service.oidc = Provider(told, "https://testserver")
    yield Service
    server.shutdown()
    server.server_close()


def go_there(service: type[Service], url: str) -> dict[str, str]:
    """The service lets the user in, and sends the browser back with a code."""
    told = {name: one[0] for name, one in parse_qs(urlsplit(url).query).items()}
    assert (told["scope"], told["code_challenge_method"]) == ("openid", "S256")
    assert told["redirect_uri"] == "https://testserver/oidc/callback"
    service.asked |= {"c0de": told["code_challenge"], "nonce": told["nonce"]}
    return {"state": told["state"], "code": "c0de"}


def nobody(site: Site) -> TestClient:
    return TestClient(site.app, base_url="https://testserver", follow_redirects=False)


def sign_in(client: TestClient, service: type[Service], **more: str) -> int:
    back = go_there(service, client.get("/oidc/begin").headers["location"])
    return client.get("/oidc/callback", params=back | more).status_code


def linked(site: Site, service: type[Service]) -> TestClient:
    site.account("Ama")
    client = browser(site)
    page = client.post("/oidc/link", data={"csrf": csrf(client)}).text
    (url,) = re.findall(r'href="(http://127[^"]+)"', page)
    back = go_there(service, html.unescape(url))
    assert client.get("/oidc/callback", params=back).headers["location"] == "/account"
    return client


@pytest.mark.slow
def test_linked_once_signed_in_ever_after_and_unlinked(site: Site, service: type[Service]) -> None:
    stranger = nobody(site)
    assert "/oidc/begin" in stranger.get("/sign-in").text
    assert sign_in(stranger, service) == 403
    client = linked(site, service)
    again = nobody(site)
    assert sign_in(again, service) == 303
    assert is_in(again)
    # Another account cannot have the same identity.
    site.account("Ben")
    ben = browser(site, "Ben")
    page = ben.post("/oidc/link", data={"csrf": csrf(ben)}).text
    back = go_there(service, html.unescape(re.findall(r'href="(http://127[^"]+)"', page)[0]))
    assert ben.get("/oidc/callback", params=back).status_code == 422
    assert act(client, "unlink") == 303
    assert sign_in(nobody(site), service) == 403


@pytest.mark.slow
def test_what_does_not_hold_lets_nobody_in(site: Site, service: type[Service]) -> None:
    linked(site, service)
    lies: list[dict[str, Any]] = [
        {"iss": "https://evil.example"}, {"aud": "other"}, {"nonce": "n"}, {"sub": ""},
        {"exp": time.time() - 10_000_000}, {"key": True}, {"iat": None},
        {"azp": "other"}, {"aud": ["tocsin", "other"]},
        {"aud": ["tocsin", "other"], "azp": "other"},
    ]  # fmt: skip
    for lie in lies:
        service.lies = lie
        client = nobody(site)
        assert sign_in(client, service) == 403, lie
        assert not is_in(client)
    for truth in ({"aud": ["tocsin"]}, {"aud": ["tocsin", "other"], "azp": "tocsin"}):
        service.lies = truth
        assert sign_in(nobody(site), service) == 303, truth
    service.lies = {}
    client = nobody(site)
    assert sign_in(client, service, state="x") == 403
    assert sign_in(client, service, code="x") == 403
    # An attempt counts once, and in the browser alone that began it.
    back = go_there(service, client.get("/oidc/begin").headers["location"])
    assert nobody(site).get("/oidc/callback", params=back).status_code == 403
    assert client.get("/oidc/callback", params=back).status_code == 303
    assert client.get("/oidc/callback", params=back).status_code == 403


@pytest.mark.slow
def test_the_second_factor_is_asked_for_unless_the_service_did(
    site: Site, service: type[Service], hands: Hands
) -> None:
    linked(site, service)
    site.service.settings = site.service.settings.model_copy(update={"second_factor": ["analyst"]})
    service.lies = {"amr": ["pwd", "otp"]}
    client = nobody(site)
    assert sign_in(client, service) == 303
    assert not is_in(client)
    site.service.settings.oidc.trusts_second_factor = True
    assert sign_in(client, service) == 303
    assert is_in(client)
    service.lies = {"amr": ["pwd"]}
    client = nobody(site)
    assert sign_in(client, service) == 303
    assert not is_in(client)
    # After some minutes the way back is closed.
    back = go_there(service, client.get("/oidc/begin").headers["location"])
    hands.move(minutes=11)
    assert client.get("/oidc/callback", params=back).status_code == 403


def test_without_a_service_there_is_none(site: Site) -> None:
    for path in ("/oidc/begin", "/oidc/callback"):
        assert nobody(site).get(path).status_code == 404
    assert "/oidc/begin" not in nobody(site).get("/sign-in").text
    with pytest.raises(UsageError, match="not protected"):
        check_protected("http://evil.example/token")
