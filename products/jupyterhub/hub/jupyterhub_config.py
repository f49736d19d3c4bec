"""The hub as the suite watches it: open sign-up confirmed by mail, named servers with limits, sharing.

`products/jupyterhub/serve.py` starts it and gives every setting as a HUB_* variable.
"""

# mypy: ignore-errors
# ruff: noqa: ANN002, ANN201, ANN204, D102 -- the hub executes this file in its own environment; what is overridden is documented and typed there

import ctypes
import os
import shutil
import signal
import smtplib
import sys
from pathlib import Path
from secrets import token_hex

from jupyterhub.spawner import SimpleLocalProcessSpawner
from nativeauthenticator import NativeAuthenticator
from nativeauthenticator import __file__ as nativeauthenticator_file

c = get_config()  # noqa: F821

DIE_WITH_PARENT = 1
setting = os.environ
data = Path(setting["HUB_DATA"])
programs = Path(sys.prefix) / "bin"

if sys.platform == "linux":  # killed outright, the parent could not end the hub
    ctypes.CDLL(None).prctl(DIE_WITH_PARENT, signal.SIGTERM, 0, 0, 0)


# -- addresses ---------------------------------------------------------------------------------------------------

c.JupyterHub.bind_url = f"http://127.0.0.1:{setting['HUB_PORT']}/"
c.JupyterHub.hub_bind_url = f"http://127.0.0.1:{setting['HUB_INNER_PORT']}/"
c.ConfigurableHTTPProxy.api_url = f"http://127.0.0.1:{setting['HUB_PROXY_PORT']}/"
c.ConfigurableHTTPProxy.command = ["node", setting["HUB_PROXY_SCRIPT"]]
c.ConfigurableHTTPProxy.pid_file = str(data / "proxy.pid")
c.JupyterHub.db_url = f"sqlite:///{data / 'hub.sqlite'}"
c.JupyterHub.cookie_secret_file = str(data / "cookie-secret")
c.JupyterHub.redirect_to_server = False  # after log-in the home page, not a server that starts by itself
c.JupyterHub.tornado_settings = {"slow_spawn_timeout": 0}  # a start answers 202 at once


# -- accounts ----------------------------------------------------------------------------------------------------


class Mail(smtplib.SMTP):
    """nativeauthenticator mails to localhost:25, without a limit of time, and has no setting for either."""

    def __init__(self, *_args):
        super().__init__(setting["HUB_SMTP_HOST"], int(setting["HUB_SMTP_PORT"]), timeout=10)


smtplib.SMTP = Mail


class Accounts(NativeAuthenticator):
    """Whoever signs up first under an administrator's name is one: so the name is taken before the hub listens."""

    def add_new_table(self):
        super().add_new_table()
        name = setting["HUB_ADMIN"]
        if not self.user_exists(name) and not self.create_user(name, setting["HUB_ADMIN_PASSWORD"]):
            raise ValueError("HUB_ADMIN_PASSWORD is too short or too common, or HUB_ADMIN is no valid name.")


c.JupyterHub.authenticator_class = Accounts
c.JupyterHub.template_paths = [str(Path(nativeauthenticator_file).parent / "templates")]
c.Authenticator.allow_all = True
c.Authenticator.admin_users = {setting["HUB_ADMIN"]}
c.NativeAuthenticator.ask_email_on_signup = True
c.NativeAuthenticator.allow_self_approval_for = r"^[^@\s]+@[^@\s]+$"
c.NativeAuthenticator.secret_key = token_hex(32)
c.NativeAuthenticator.self_approval_email = (
    "JupyterHub <no-reply@jupyterhub.example>",
    "Confirm your JupyterHub account",
    (
        "Somebody, probably you, signed up for JupyterHub with this address.\n\n"
        f"Confirm it: {setting['HUB_PUBLIC_URL']}/hub{{approval_url}}\n\n"
        "If it was not you, ignore this message.\n"
    ),
)
c.NativeAuthenticator.minimum_password_length = 8
c.NativeAuthenticator.check_common_password = True
c.NativeAuthenticator.allowed_failed_logins = int(setting["HUB_FAILED_LOGINS"])
c.NativeAuthenticator.seconds_before_next_try = 60


# -- servers -----------------------------------------------------------------------------------------------------


class FolderSpawner(SimpleLocalProcessSpawner):
    """A process of the hub's own account for each server, in a folder that goes when the server is removed."""

    @property
    def folder(self):
        return Path(self.home_dir) / (self.name or "default")

    async def start(self):
        self.folder.mkdir(parents=True, exist_ok=True)
        self.notebook_dir = str(self.folder)
        return await super().start()

    def delete_forever(self):
        shutil.rmtree(self.folder, ignore_errors=True)


c.JupyterHub.spawner_class = FolderSpawner
c.SimpleLocalProcessSpawner.home_dir_template = str(data / "homes" / "{username}")
c.Spawner.cmd = [str(programs / "jupyterhub-singleuser")]
c.Spawner.args = [
    *(["--allow-root"] if os.geteuid() == 0 else []),
    f"--HubOAuth.cache_max_age={setting['HUB_PERMISSION_CACHE']}",
    "--LabApp.check_for_updates_class=jupyterlab.NeverCheckForUpdate",  # nothing may call out
    "--LabApp.extension_manager=readonly",
]
c.Spawner.poll_interval = 5
c.JupyterHub.allow_named_servers = True
c.JupyterHub.named_server_limit_per_user = int(setting["HUB_SERVERS_PER_USER"])
c.JupyterHub.active_server_limit = int(setting["HUB_ACTIVE_SERVERS"])
c.JupyterHub.concurrent_spawn_limit = int(setting["HUB_CONCURRENT_SPAWNS"])


# -- rights ------------------------------------------------------------------------------------------------------

c.JupyterHub.services = [{"name": "operator", "api_token": setting["HUB_OPERATOR_TOKEN"]}]
c.JupyterHub.load_roles = [
    {"name": "user", "scopes": ["self", "shares!user"]},
    {
        "name": "operator",
        "services": ["operator"],
        "scopes": ["admin:users", "admin:servers", "tokens", "shares", "read:hub", "read:metrics"],
    },
]
