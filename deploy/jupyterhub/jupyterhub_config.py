"""JupyterHub for the workbook: each adviser gets a server of their own, all of them share one PostgreSQL.

No secret stands in this file. What differs from place to place comes from the environment (hub.env.example); what a
value means is told in deploy/README.md.
"""

import os
import sys
from pathlib import Path

c = get_config()  # noqa: F821  (JupyterHub puts it here)

STATE = Path(os.environ.get("STATE_DIRECTORY", "/var/lib/advisor-hub"))
PUBLIC_URL = os.environ["ADVISOR_HUB_URL"]  # how browsers reach the Hub: https://workbook.example/
HOURS = 12  # a login and a server last for a working day at most
os.environ["ADVISOR_DATABASE_URL"]  # fail now, not at the first adviser

# --- where it listens: behind nginx, which has the certificate (deploy/nginx/advisor.conf, port 8000) -------

c.JupyterHub.public_url = PUBLIC_URL  # each server pins Host and Origin by it
c.JupyterHub.bind_url = os.environ.get("ADVISOR_HUB_BIND", "http://127.0.0.1:8000")
c.JupyterHub.hub_bind_url = os.environ.get("ADVISOR_HUB_INSIDE", "http://127.0.0.1:8081")
c.JupyterHub.trusted_downstream_ips = ["127.0.0.1"]  # whose X-Forwarded-For is believed
c.ConfigurableHTTPProxy.api_url = os.environ.get("ADVISOR_HUB_PROXY_API", "http://127.0.0.1:8001")
c.ConfigurableHTTPProxy.pid_file = str(STATE / "proxy.pid")

# --- who may come in: your organisation's own login (OpenID Connect), with its second factor --------------------------
# There is no list of passwords here on purpose. A small team without such a login needs no Hub: see
# "advisor serve --login team" in deploy/README.md.

c.JupyterHub.authenticator_class = "generic-oauth"
c.GenericOAuthenticator.authorize_url = os.environ.get("ADVISOR_OIDC_AUTHORIZE_URL", "")
c.GenericOAuthenticator.token_url = os.environ.get("ADVISOR_OIDC_TOKEN_URL", "")
c.GenericOAuthenticator.userdata_url = os.environ.get("ADVISOR_OIDC_USERDATA_URL", "")
c.GenericOAuthenticator.oauth_callback_url = f"{PUBLIC_URL.rstrip('/')}/hub/oauth_callback"
c.GenericOAuthenticator.client_id = os.environ.get("ADVISOR_OIDC_CLIENT_ID", "")
c.GenericOAuthenticator.client_secret = os.environ.get("ADVISOR_OIDC_CLIENT_SECRET", "")
c.GenericOAuthenticator.scope = ["openid", "profile", "groups"]
c.GenericOAuthenticator.username_claim = os.environ.get("ADVISOR_OIDC_NAME", "preferred_username")
# Only members of one group are advisers; nobody else of the organisation gets in.
c.GenericOAuthenticator.manage_groups = True
c.GenericOAuthenticator.auth_state_groups_key = "oauth_user.groups"
c.GenericOAuthenticator.allowed_groups = {os.environ.get("ADVISOR_OIDC_GROUP", "advisers")}
c.GenericOAuthenticator.admin_groups = {os.environ.get("ADVISOR_OIDC_ADMINS", "adviser-admins")}
c.GenericOAuthenticator.auto_login = True

# --- how long a login lasts -------------------------------------------------------------------------------------------

c.JupyterHub.cookie_secret_file = str(STATE / "cookie_secret")  # made by the Hub, readable to it alone
c.JupyterHub.cookie_max_age_days = HOURS / 24
c.JupyterHub.shutdown_on_logout = True  # logging out ends the server with every page of it
IS_SECURE = PUBLIC_URL.startswith("https:")
c.JupyterHub.tornado_settings = {
    "headers": {
        "Content-Security-Policy": "frame-ancestors 'none'",
        "Referrer-Policy": "same-origin",
        "X-Content-Type-Options": "nosniff",
    },
    "cookie_options": {"samesite": "Lax", "secure": IS_SECURE},
}

# --- each adviser's server --------------------------------------------------------------------------------------------
# SimpleLocalProcessSpawner runs all of them as the Hub's own user, which is not root and is kept in a cage by
# deploy/systemd/advisor-hub.service. An adviser gets no Python, no terminal and no files, only the workbook's pages;
# whose data is whose is decided by the store. To have the operating system between them as well:
#   one machine: "systemd" (package jupyterhub-systemdspawner), dynamic_users = True, mem_limit; the Hub must be root
#   several machines: "docker" (package dockerspawner) or deploy/kubernetes/, with the image of deploy/kubernetes/
# They are not what the tests of this repository start.

c.JupyterHub.spawner_class = "simple"
c.SimpleLocalProcessSpawner.home_dir_template = str(STATE / "home")
c.Spawner.cmd = [sys.executable, "-m", "advisor", "serve", "--login", "hub", "--no-browser"]
# What a server is given of the Hub's environment. ADVISOR_KEY opens encrypted names, ADVISOR_STORE_ID says which store
# stands at the address, so that nothing is written into another; one that is not set is simply absent.
c.Spawner.env_keep = [
    *("PATH", "LANG", "LC_ALL", "TZ", "XDG_RUNTIME_DIR"),
    *("ADVISOR_DATABASE_URL", "ADVISOR_STORE_ID", "ADVISOR_KEY", "ADVISOR_LANG"),
]
c.Spawner.disable_user_config = True
c.Spawner.start_timeout = 60
c.Spawner.http_timeout = 60
c.Spawner.mem_limit = os.environ.get("ADVISOR_HUB_SERVER_MEMORY", "1G")  # kept by systemd, docker and kubernetes only

# --- limits -----------------------------------------------------------------------------------------------------------

c.JupyterHub.active_server_limit = int(os.environ.get("ADVISOR_HUB_SERVERS", "50"))
c.JupyterHub.concurrent_spawn_limit = 2 * (os.cpu_count() or 1)  # a start is a second of processor time
c.JupyterHub.allow_named_servers = False

# --- servers that nobody uses end; an open page counts as use, but not past the day -----------------------------------

c.JupyterHub.services = [
    {
        "name": "idle-culler",
        "command": [
            *(sys.executable, "-m", "jupyterhub_idle_culler"),
            *("--timeout=3600", "--cull-every=300", f"--max-age={HOURS * 3600}"),
        ],
    }
]
c.JupyterHub.load_roles = [
    {
        "name": "idle-culler",
        "scopes": ["list:users", "read:users:activity", "read:servers", "delete:servers"],
        "services": ["idle-culler"],
    }
]

# --- the Hub's own small database: logins and which server runs where, nothing of any client --------------------------

c.JupyterHub.db_url = os.environ.get("ADVISOR_HUB_DATABASE_URL", f"sqlite:///{STATE / 'hub.sqlite'}")
