"""As whom our own PostgreSQL runs: ourselves, or, where we are root, a user without rights."""

import os
import pwd
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import Any

USERS_INSTEAD_OF_ROOT = ("postgres", "nobody")


class DatabaseInTheWay(Exception):
    """Something does not let the database start; says what to do, in Chinese and in English."""

    def __init__(self, chinese: str, english: str) -> None:
        super().__init__(f"{chinese}\n{english}")


@dataclass(frozen=True, slots=True)
class Owner:
    """A user of this machine, and how to run a program as that user."""

    uid: int
    gid: int
    name: str

    @classmethod
    def of(cls, data: Path) -> "Owner":
        """Who owns ``data``; for new data ourselves, or for root the first of USERS_INSTEAD_OF_ROOT that exists."""
        if data.exists() and data.stat().st_uid != 0:
            owner = cls._from(data.stat().st_uid, data.stat().st_gid)
            if os.geteuid() not in (0, owner.uid):
                raise DatabaseInTheWay(
                    f"{data} 属于用户 {owner.name}：请用该用户运行，或用 BAIYE_HOME 指定别的文件夹。",
                    f"{data} belongs to user {owner.name}: run as that user, or set BAIYE_HOME.",
                )
            return owner
        if os.geteuid() != 0:
            return cls._from(os.geteuid(), os.getegid())
        for name in USERS_INSTEAD_OF_ROOT:
            try:
                user = pwd.getpwnam(name)
            except KeyError:
                continue
            return cls(user.pw_uid, user.pw_gid, name)
        raise DatabaseInTheWay(
            "PostgreSQL 不能以 root 运行，而本机没有 postgres 或 nobody 用户：请用普通用户运行，或设置 DATABASE_URL。",
            "PostgreSQL refuses root, and there is no user postgres or nobody: run as a user, or set DATABASE_URL.",
        )

    @classmethod
    def _from(cls, uid: int, gid: int) -> "Owner":
        try:
            return cls(uid, gid, pwd.getpwuid(uid).pw_name)
        except KeyError:
            return cls(uid, gid, str(uid))

    def own_folder(self, folder: Path) -> None:
        """Have ``folder``, closed to everyone else, and really a folder of this user."""
        try:
            folder.mkdir(mode=0o700)
        except FileExistsError:
            pass
        else:
            os.chown(folder, self.uid, self.gid)
        found = folder.lstat()
        if not folder.is_dir() or folder.is_symlink() or found.st_uid != self.uid:
            raise DatabaseInTheWay(
                f"{folder} 不是用户 {self.name} 的文件夹：请移走它。",
                f"{folder} is not a folder of user {self.name}: move it away.",
            )
        if found.st_mode & 0o077:
            folder.chmod(0o700)

    def own_file(self, file: Path) -> None:
        """Have ``file``, readable by this user alone."""
        os.close(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_NOFOLLOW, 0o600))
        if file.stat().st_uid != self.uid:
            os.chown(file, self.uid, self.gid)

    def run(self, command: list[str]) -> subprocess.CompletedProcess[str]:
        prefix, options = self._how()
        return subprocess.run([*prefix, *command], capture_output=True, text=True, check=False, **options)

    def spawn(self, command: list[str], log: Path) -> subprocess.Popen[bytes]:
        """Start ``command`` in a session of its own, so that no Ctrl-C and no closed terminal reaches it."""
        prefix, options = self._how()
        with log.open("ab") as said:
            return subprocess.Popen(
                [*prefix, *command],
                stdin=subprocess.DEVNULL,
                stdout=said,
                stderr=said,
                start_new_session=True,
                **options,
            )

    def _how(self) -> tuple[list[str], dict[str, Any]]:
        """Words before the command, and options of subprocess, that make it run as this user."""
        environment = {name: value for name, value in os.environ.items() if not name.startswith(("PG", "LC_", "LANG"))}
        options: dict[str, Any] = {"cwd": "/", "env": {**environment, "LC_ALL": "C.UTF-8"}}
        if os.geteuid() == self.uid:
            return [], options
        keep = ["--inh-caps=+dac_override", "--ambient-caps=+dac_override"]
        setpriv = ["setpriv", f"--reuid={self.uid}", f"--regid={self.gid}", "--clear-groups", *keep]
        if (
            shutil.which("setpriv")
            and not subprocess.run([*setpriv, "true"], capture_output=True, check=False).returncode
        ):
            return setpriv, options
        # Without it the server runs as well, as long as its user can enter every folder above its data.
        return [], {**options, "user": self.uid, "group": self.gid, "extra_groups": []}
