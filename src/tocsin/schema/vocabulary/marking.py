"""The marking definitions by which STIX says how far an object may go.

OASIS (2021), STIX 2.1, 7.2.1.4, has those of TLP 1; OASIS (2022), the extension definition for TLP
2.0, has those of TLP 2.0 (FIRST, 2022). Popular platforms use further ones of their own, which
others do not know: they are named here so that a message can say so.
"""

from __future__ import annotations

TLP_1: dict[str, str] = {
    "613f2e26-407d-48c7-9eca-b8e91df99dc9": "WHITE",
    "34098fce-860f-48ae-8e50-ebd3cc5e41da": "GREEN",
    "f88d31f6-486f-44da-b317-01333bde0b82": "AMBER",
    "5e57c739-391a-4eb3-b6be-7d15ca92d5ed": "RED",
}
"""Level by the identifier's UUID, as STIX 2.1 has it."""
TLP_2: dict[str, str] = {
    "94868c89-83c2-464b-929b-a1a8aa3c8487": "CLEAR",
    "bab4a63c-aed9-4cf5-a766-dfca5abac2bb": "GREEN",
    "55d920b0-5e8b-4f79-9ee9-91f868d9b421": "AMBER",
    "939a9414-2ddd-4d32-a0cd-375ea402b003": "AMBER+STRICT",
    "e828b379-4e03-4974-9ac4-e53a884c97c1": "RED",
}
"""Level by the identifier's UUID, as OASIS published it for TLP 2.0."""
TLP_EXTENSION = "extension-definition--60a3c5c5-0d10-413e-aab3-9e08dde9e88d"
"""The extension in which a marking definition of TLP 2.0 says its level."""
