"""`kenshu create-administrator`, `create-operator`, `rotate-keys`: accounts without a browser."""

from __future__ import annotations

from datetime import datetime

import click
from cryptography.fernet import InvalidToken

from app.cli import first_account
from app.cli.installation import Failure, opened
from app.kernel import clock
from app.kernel.errors import Refused
from app.kernel.settings import Settings
from app.learning.forwarding import service as forwarding
from app.people.operators import service as operators
from app.people.permission.models import Role
from app.people.second_factor import service as second_factor
from app.portals.keys import service as portal_keys

#: What an operator's account can be refused for, as one reads it on a terminal.
OPERATOR_FAULTS = {
    "operator_role": "an operator's role is one that is granted, and needs no section",
    "operator_time": "an operator's last day is today or later, and within a year",
}


@click.command("create-administrator")
@click.argument("number")
@click.argument("name")
@click.option("--section-code", default="0000", show_default=True, help="Code of the section.")
@click.option("--section", default="人事課", show_default=True, help="Its name, if it is new.")
@click.option("--title", default="主事", show_default=True, help="Title of the person.")
def create_administrator(
    number: str, name: str, section_code: str, section: str, title: str
) -> None:
    """Add the first account: a person who administers the system and is the training office.

    The password is shown once, and must be changed at the first sign-in.
    """
    account = first_account.NewAccount(number, name, section_code, section, title)
    try:
        with opened() as database, database.unit_of_work() as session:
            password = first_account.create(session, account, clock.now())
    except Refused as refusal:
        raise Failure(f"somebody has the staff number {refusal.data['number']} already") from None
    click.echo(f"{number}  {password}")


@click.command("create-operator")
@click.argument("name")
@click.option(
    "--until", required=True, type=click.DateTime(["%Y-%m-%d"]), help="Last day, as 2027-03-31."
)
@click.option("--role", default=Role.ADMINISTRATOR.value, show_default=True, help="Its one role.")
def create_operator(name: str, until: datetime, role: str) -> None:
    """Add an account for who runs the system on contract: no staff, and for a time only.

    The password is shown once, and must be changed at the first sign-in.
    """
    try:
        with opened() as database, database.unit_of_work() as session:
            made = operators.create(session, name, until.date(), role, clock.now())
    except Refused as refusal:
        raise Failure(OPERATOR_FAULTS[refusal.code]) from None
    click.echo(f"{made.number}  {made.password}")


@click.command("rotate-keys")
def rotate_keys() -> None:
    """Seal every kept secret with the present key; those sealed with a former one are opened first.

    Afterwards KENSHU_FORMER_SECRET_KEYS can go.
    """
    settings = Settings.from_environment()
    try:
        with opened(settings) as database, database.unit_of_work() as session:
            count = second_factor.seal_anew(session, settings)
            count += portal_keys.seal_anew(session, settings)
            count += forwarding.seal_anew(session, settings)
    except InvalidToken:
        raise Failure(
            "a secret was sealed with a key that is neither KENSHU_SECRET_KEY nor one of "
            "KENSHU_FORMER_SECRET_KEYS; nothing was changed"
        ) from None
    click.echo(f"{count} secrets are sealed with the present key.")
