"""The command `kenshu`: serving, migrating, and what an operator does without a browser."""

from __future__ import annotations

import sys
from importlib import import_module
from typing import Final

import click

from app.kernel.setting_checks import SettingsError
from app.launcher.errors import LaunchError

#: Each command with the module that has it, and its name there.
COMMANDS: Final = {
    "serve": "serving:serve",
    "migrate": "serving:migrate",
    "demo": "serving:demo",
    "revision": "next_revision:revision",
    "settings": "setting_list:list_settings",
    "create-administrator": "accounts:create_administrator",
    "create-operator": "accounts:create_operator",
    "rotate-keys": "accounts:rotate_keys",
    "audit": "auditing:audit",
    "package": "packages:package",
    "disclose": "keeping:disclose",
    "export-all": "keeping:export_all",
    "import-all": "keeping:import_all",
    "erase-all": "keeping:erase_all",
    "self-check": "keeping:self_check",
    "backup-key": "backups:backup_key",
    "backup": "backups:backup",
    "restore": "backups:restore",
    "restore-drill": "backups:restore_drill",
}


class Lazily(click.Group):
    """A group that imports a command when it is asked for: most need a small part of the whole."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - click's signature
        """Return the names of all commands, in the order of the help."""
        return sorted(COMMANDS)

    def get_command(
        self,
        ctx: click.Context,  # noqa: ARG002 - click's signature
        cmd_name: str,
    ) -> click.Command | None:
        """Return a command by its name."""
        if cmd_name not in COMMANDS:
            return None
        module, _, name = COMMANDS[cmd_name].partition(":")
        found: click.Command = getattr(import_module(f"{__name__}.{module}"), name)
        return found


def main() -> None:
    """Run the command; what an operator can mend is one line, not a traceback."""
    try:
        kenshu()
    except (SettingsError, LaunchError) as error:
        click.echo(f"kenshu: {error}", err=True)
        sys.exit(1)


@click.group(cls=Lazily, context_settings={"help_option_names": ["-h", "--help"]})
def kenshu() -> None:
    """Serve and look after Kenshu. Settings come from the environment: see `kenshu settings`."""
