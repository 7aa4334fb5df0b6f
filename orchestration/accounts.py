"""Who is at the terminal: the account of the operating system, with its role from the seed ``stewards``.

The account is that of the process, as the operating system has authenticated it: never a name that somebody types or
sets in the environment.
"""

from __future__ import annotations

import csv
import os
import pwd
from pathlib import Path

from expectations.decisions import ROLES, Account
from ingestion.registry import SEEDS


class AccountError(RuntimeError):
    """The accounts cannot be used; the message names the file and what to correct."""


def acting_account(seeds: Path = SEEDS) -> Account:
    """The account of this process; its role is empty where the seed does not name it.

    Raises:
        AccountError: the operating system has no name for it, or the seed is wrong.
    """
    try:
        name = pwd.getpwuid(os.getuid()).pw_name
    except KeyError as error:
        raise AccountError(
            f"操作系统没有用户 {os.getuid()} 的账户名，无法记名 · the operating system has no name for it"
        ) from error
    return next((account for account in accounts(seeds) if account.account == name), Account(name, ""))


def accounts(seeds: Path = SEEDS) -> tuple[Account, ...]:
    """Every account of the seed. A person has one: who could use two would confirm what they proposed themselves.

    Raises:
        AccountError: a role is none, or an account or a person stands there twice.
    """
    file = seeds / "stewards.csv"
    with file.open(encoding="utf-8-sig", newline="") as stream:
        found = tuple(Account(row["account"], row["role"], row["name_zh"]) for row in csv.DictReader(stream))
    for column, values in (("account", [a.account for a in found]), ("name_zh", [a.name_zh for a in found])):
        doubled = sorted({value for value in values if not value or values.count(value) > 1})
        if doubled:
            raise AccountError(
                f"{file.name}：{column} {doubled[0]!r} 为空或重复；一人一行一账户 · blank or there twice; one row, one "
                "account a person"
            )
    unknown = [account for account in found if account.role not in ROLES]
    if unknown:
        raise AccountError(
            f"{file.name}：账户 {unknown[0].account} 的角色 {unknown[0].role!r} 不存在；可用 {', '.join(ROLES)} · "
            "no such role; use one of these"
        )
    return found
