"""Settings of the server, in `server.toml` in its data folder; each has a default.

The file holds no secret: a database's password belongs into PostgreSQL's own password file, and
the server's own secrets are random texts of which the database keeps digests alone.
"""

from __future__ import annotations

import tomllib
from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from tocsin.errors import UsageError

SETTINGS_FILE = "server.toml"


class ServiceLevels(BaseModel):
    """Hours within which a warning of each level is to be acknowledged."""

    model_config = ConfigDict(extra="forbid")

    watch: float = Field(default=72, gt=0)
    advisory: float = Field(default=24, gt=0)
    warning: float = Field(default=4, gt=0)
    emergency: float = Field(default=1, gt=0)


class MailSettings(BaseModel):
    """The mail server that takes digests; without one none is mailed."""

    model_config = ConfigDict(extra="forbid")

    server: str = ""
    """Its name; empty: no digest is mailed."""
    port: int = Field(default=587, ge=1, le=65_535)
    sender: str = ""
    """The address from which digests come."""
    user: str = ""
    password_file: str = ""
    """A file that holds the password, and nothing else."""


class OidcSettings(BaseModel):
    """An organisation's own service for signing in (OpenID Connect); without one there is none."""

    model_config = ConfigDict(extra="forbid")

    issuer: str = ""
    """Its address, exactly as it calls itself; empty: there is none."""
    client_id: str = ""
    client_secret_file: str = ""
    """A file that holds the secret, and nothing else."""
    trusts_second_factor: bool = False
    """True where the service asks for a second factor and says so (`amr`, RFC 8176)."""


class ServerSettings(BaseModel):
    """What can be set."""

    model_config = ConfigDict(extra="forbid")

    organisation: str = Field(default="This office", min_length=1, max_length=200)
    """The organisation that runs the server, and owns what is published into it."""
    database: str = ""
    """A URL of PostgreSQL; empty: SQLite in the data folder."""
    address: str = ""
    """The address at which people reach the server, such as https://warnings.example.org; empty:
    the one at which it listens."""
    proxies: str = "127.0.0.1,::1"
    """Addresses of proxies that are believed when they say who asks, with commas between; used with
    `--behind-proxy`."""
    exercise: bool = False
    """True: all that is written belongs to an exercise, is shown as such, and does not leave by
    live channels."""
    requests_per_minute: int = Field(default=600, ge=1)
    """Requests of one account, or of one address without an account, a minute."""
    sign_ins_per_hour: int = Field(default=20, ge=1)
    """Attempts to sign in with one name, or from one address, an hour."""
    second_factor: list[str] = []
    """Roles whose accounts must show a second factor when they sign in; others may."""
    largest_upload: int = Field(default=2_500_000, ge=1000)
    """Bytes of a request, at most."""
    stale_after_days: float = Field(default=45, gt=0)
    """Days after which a forecast is shown as out of date."""
    follow_every: float = Field(default=60, ge=1)
    """Seconds between two questions to a neighbour for what is new there."""
    webhook_hosts: list[str] = []
    """Hosts to which people may let webhooks lead on their page, such as south.example.org, with
    the port where it is not 443; none: only the operator adds webhooks, at the machine."""
    mail: MailSettings = MailSettings()
    oidc: OidcSettings = OidcSettings()
    service_levels: ServiceLevels = ServiceLevels()


def load(folder: Path) -> ServerSettings:
    """Read the settings of a data folder; without a file all are the defaults.

    Args:
        folder: the data folder.

    Returns:
        The settings.

    Raises:
        UsageError: the file is no TOML, or a setting is unknown or out of range.
    """
    path = folder / SETTINGS_FILE
    if not path.exists():
        return ServerSettings()
    try:
        return ServerSettings.model_validate(tomllib.loads(path.read_text("utf-8")))
    except tomllib.TOMLDecodeError as error:
        raise UsageError(f"This is no TOML: {error}.", where=str(path)) from error
    except ValidationError as error:
        first = error.errors()[0]
        raise UsageError(
            f"{'.'.join(map(str, first['loc']))}: {first['msg']}.", where=str(path),
            remedy="docs/operate.md lists the settings.",
        ) from error  # fmt: skip
