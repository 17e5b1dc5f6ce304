"""The kernels behind the page: this environment's Python, started with as little of the surroundings as it needs."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from jupyter_client.kernelspec import KernelSpecManager
from jupyter_server.services.kernels.kernelmanager import AsyncMappingKernelManager
from traitlets import List, Unicode

# What a kernel needs to start and to know its visitor's request. The rest of the server's environment (tokens of
# other tools, addresses, passwords) stays with the server.
_NAMES = frozenset(
    [
        *("PATH", "HOME", "USER", "LOGNAME", "LANG", "LANGUAGE", "TZ", "TMPDIR", "TEMP", "TMP", "VIRTUAL_ENV"),
        *("SCRIPT_NAME", "PATH_INFO", "QUERY_STRING"),
        *("SYSTEMROOT", "SYSTEMDRIVE", "WINDIR", "COMSPEC", "PATHEXT", "APPDATA", "LOCALAPPDATA", "USERPROFILE"),
    ]
)
_PREFIXES = ("LC_", "PYTHON", "SERVER_", "VOILA_", "ADVISOR_")


def kernel_environment(environment: Mapping[str, str]) -> dict[str, str]:
    """The part of an environment that a kernel is given."""
    return {
        name: value
        for name, value in environment.items()
        if name.upper() in _NAMES or name.upper().startswith(_PREFIXES)
    }


class OwnKernelSpecManager(KernelSpecManager):
    """Knows this environment's Python only: a user's own kernel called python3 must not take its place."""

    kernel_dirs = List(Unicode(), [])


class OwnKernelManager(AsyncMappingKernelManager):
    """Starts kernels with the environment they need, and without the user's IPython profile and history."""

    async def _async_start_kernel(self, **kwargs: Any) -> str:  # noqa: ANN401  (what jupyter_server passes on)
        """Start a kernel as asked, in a bare environment."""
        environment = kernel_environment(kwargs.pop("env", {}))
        # IPython looks for start-up files and writes history here; the folder goes when the server ends.
        environment["IPYTHONDIR"] = self.connection_dir
        kernel_id: str = await super()._async_start_kernel(env=environment, **kwargs)
        return kernel_id

    start_kernel = _async_start_kernel  # type: ignore[assignment]  # as the base class binds it, too
