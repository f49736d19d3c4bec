"""The bare script: asyncio and httpx. `TRUST=shared` makes one SSL context for all clients, as those who know what one costs do.

Usage: python benchmarks/rivals/bare_api.py ADDRESS JOURNEYS
"""

from __future__ import annotations

import asyncio
import os
import secrets
import ssl
import sys

import httpx
from schedule import pauses

OPERATOR = {"Authorization": "Bearer the-operator"}
VERIFY = ssl.create_default_context() if os.environ.get("TRUST") == "shared" else True


async def journey(url: str) -> None:
    """Sign up, log in, get a project, and be erased."""
    email, password = f"{secrets.token_hex(4)}@people.example.com", secrets.token_hex(12)
    async with httpx.AsyncClient(base_url=url, verify=VERIFY) as client:
        (await client.post("/api/accounts", json={"name": email, "email": email, "password": password})).raise_for_status()
        token = (await client.post("/api/sessions", json={"email": email, "password": password})).raise_for_status().json()["token"]
        bearer = {"Authorization": f"Bearer {token}"}
        me = (await client.get("/api/me", headers=bearer)).raise_for_status().json()
        assert me["email"] == email
        project = (await client.post("/api/projects", json={"name": secrets.token_hex(4)}, headers=bearer)).raise_for_status().json()["id"]
        for pause in pauses():
            seen = (await client.get(f"/api/projects/{project}", headers=bearer)).raise_for_status().json()
            if seen["state"] == "active":
                break
            await asyncio.sleep(pause)
        found = (await client.get("/operator/accounts", params={"email": email}, headers=OPERATOR)).raise_for_status().json()["id"]
        (await client.delete(f"/operator/accounts/{found}", headers=OPERATOR)).raise_for_status()
        assert (await client.get("/operator/accounts", params={"email": email}, headers=OPERATOR)).is_client_error


async def main(url: str, journeys: int) -> None:
    """Make all journeys at once."""
    await asyncio.gather(*(journey(url) for _ in range(journeys)))


asyncio.run(main(sys.argv[1], int(sys.argv[2])))
