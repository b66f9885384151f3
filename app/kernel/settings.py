"""Settings of one installation, read once from the environment into a frozen dataclass."""

from __future__ import annotations

import os
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from app.kernel.secret_files import keep_first
from app.kernel.setting_checks import PREFIX, SettingsError, check, read

__all__ = ["PREFIX", "Settings", "SettingsError"]


@dataclass(frozen=True)
class Settings:
    """All that differs between two installations.

    Each field is read from the environment variable KENSHU_<FIELD>; DATABASE_URL and REDIS_URL
    are also taken under their usual names.
    """

    #: Folder of everything the server keeps on disk: database, packages, uploads, mail, keys.
    instance: Path
    #: SQLAlchemy address; empty means SQLite in the instance folder.
    database_url: str = ""
    #: Address of the same database as its owner, who migrates it and then grants the role of
    #: `database_url` no more than it needs; empty means that one role owns and uses it.
    owner_database_url: str = ""
    #: Redis address; empty means the launcher's own child, on a socket in the instance folder.
    redis_url: str = ""
    #: Key of cookies, launch tokens and sealed secrets; empty means one made once and kept in the
    #: instance folder.
    secret_key: str = ""
    #: Keys before that one, separated by spaces: they open what was sealed with them, until
    #: `kenshu rotate-keys` has sealed it anew. No cookie or token of theirs is taken.
    former_secret_keys: str = ""
    #: Address that staff open in the browser.
    office_origin: str = "http://localhost:8000"
    #: Address that materials are served from. `{attempt}` gives every attempt an origin of its own.
    content_origin: str = "http://{attempt}.localhost:8000"
    #: Address the server binds to.
    bind: str = "127.0.0.1"
    #: Port the server listens on.
    port: int = 8000
    #: Processes that answer requests: as many as there are processors.
    processes: int = 2
    #: Threads in each of them; more get into each other's way sooner than they help.
    threads: int = 4
    #: Whether each of them keeps to a processor of its own, which is faster; not where a machine's
    #: processors are shared by quota, as containers do.
    own_processor: bool = True
    #: Origins of other sites that may show the player in a frame, separated by spaces.
    frame_origins: str = ""
    #: Where mail goes: `folder` (kept in the instance folder) or `smtp://[user:password@]host:port`
    #: (`smtps://` for TLS from the first byte).
    mail: str = "folder"
    #: Sender of every mail.
    mail_from: str = "kenshu@localhost"
    #: Mails that go to the server within any minute at most, by all workers together; 0 for no
    #: limit.
    mails_per_minute: int = 120
    #: Proxies in front of the server whose X-Forwarded-* headers are believed.
    trusted_proxies: int = 0
    #: Largest upload, in bytes.
    upload_limit: int = 2 * 1024**3
    #: Largest film, in bytes; it is sent in pieces, each of them smaller than `upload_limit`.
    video_limit: int = 4 * 1024**3
    #: Films that are converted at the same time, or parts of one; each keeps a processor busy.
    transcoders: int = 2
    #: Minutes without a request after which a sign-in ends, for whoever holds a granted role.
    idle_minutes: int = 30
    #: Part of the staff, in percent, that one full file of the register may end.
    import_end_percent: int = 5
    #: The same for learners; what the player saves counts as a request.
    idle_minutes_learner: int = 60
    #: The same on a shared terminal, where it is the shorter one.
    idle_minutes_shared: int = 10
    #: Hours after which a sign-in ends, however busy it is.
    sign_in_hours: int = 12
    #: How many sign-ins of one person may be open at a time; the oldest beyond that are ended.
    parallel_sign_ins: int = 3
    #: Hours that a launch token can be used.
    launch_hours: int = 12
    #: Minutes after the last moment of a run in which an open player may still save; what comes
    #: then is marked as late.
    grace_minutes: int = 60
    #: Wrong passwords in a row after which an account is locked.
    password_attempts: int = 10
    #: Minutes that such a lock lasts.
    lock_minutes: int = 15
    #: Whether the head and the coordinator of a section see those, too, who serve there beside
    #: their main post (兼務).
    concurrent_heads: bool = True
    #: Roles that may take files about people, separated by spaces.
    export_roles: str = "office administrator"
    #: Whether a version of a material is published by somebody else than who uploaded it.
    separate_publisher: bool = False
    #: OpenID Connect: the identity provider's issuer, as its discovery document names it; empty
    #: turns it off.
    oidc_issuer: str = ""
    #: The client that the identity provider knows us as.
    oidc_client_id: str = ""
    #: Its secret.
    oidc_client_secret: str = ""
    #: Claim of the ID token that holds the staff number, as text with its leading zeros. It must be
    #: one that people cannot change themselves.
    oidc_number_claim: str = "employee_number"
    #: Words of the button on the page of signing in; empty for ours.
    oidc_label: str = ""
    #: File of the certificates (PEM) that the identity provider's TLS is trusted by; empty means
    #: those of the system.
    oidc_ca_file: str = ""
    #: SAML 2.0: file of the identity provider's metadata; empty turns it off.
    saml_metadata: str = ""
    #: Attribute of the assertion that holds the staff number; empty means its NameID.
    saml_number_attribute: str = ""
    #: Words of the button on the page of signing in; empty for ours.
    saml_label: str = ""
    #: File of holidays, as the Cabinet Office hands it out (`2026/11/23,勤労感謝の日` a line), with
    #: the office's own closed days: it rules the years that it knows. Empty means the law's.
    holidays: str = ""
    #: Where videos lie: empty means a folder of the instance, `s3://bucket/prefix` an object store.
    object_store: str = ""
    #: Address of the server that speaks S3; empty means Amazon's.
    object_store_endpoint: str = ""
    #: Region that requests are signed for; a server of one's own seldom asks for one.
    object_store_region: str = ""
    #: Name of the key that the store knows us by.
    object_store_key: str = ""
    #: Its secret.
    object_store_secret: str = ""
    #: Whether browsers fetch videos from the store itself, by addresses that are signed for some
    #: hours; the store must allow the content's origins (CORS).
    object_store_direct: bool = False
    #: Path under which nginx serves the folder of videos to itself (`/kenshu-objects/`); empty
    #: means that we send them. Of no effect with an object store.
    accel_path: str = ""
    #: Years that lines of the audit are kept; one at least.
    audit_years: int = 3
    #: How many of a person's last passwords, the present one among them, cannot be chosen again.
    password_history: int = 5
    #: Single sign-on only: no password lets anybody in but operators and `break_glass_roles`.
    sso_only: bool = False
    #: Roles whose holders may use a password all the same, separated by spaces.
    break_glass_roles: str = "administrator"
    #: Roles that need a second factor in each sign-in, separated by spaces.
    second_factor_roles: str = ""
    #: Networks (CIDR, separated by spaces) from which the office answers; empty means from all.
    networks: str = ""
    #: Networks outside of which a role is not held: `administrator=10.0.0.0/8,192.0.2.7 office=…`.
    role_networks: str = ""
    #: Networks from which paths for machines answer, in the place of `networks`; empty means all.
    machine_networks: str = ""
    #: Networks from which the content's origin answers; empty means from all.
    content_networks: str = ""
    #: Networks of terminals that several people share; empty means that they say so themselves.
    shared_networks: str = ""
    #: Height of the largest size in which films are played, wherever: 720 for 720p; 0 for any.
    video_height: int = 0
    #: Sites with a thin line: `name=network,network;height;busy;most name=…`. The largest height
    #: there, from how many viewers at once the smallest size alone is played, and how many may
    #: watch at once; 0 for no limit.
    video_sites: str = ""
    #: Networks inside (CIDR, separated by spaces) whose portals may be called, for keys, tokens,
    #: scores and members, and whose record stores may be sent statements. Empty means those in the
    #: Internet alone, by TLS.
    portal_networks: str = ""
    #: File of the certificates (PEM) that the TLS of portals and record stores is trusted by; empty
    #: means the usual ones.
    portal_ca_file: str = ""
    #: Language when the browser asks for none that we speak: `ja` or `en`.
    language: str = "ja"
    #: The one key colour, as a CSS colour; empty keeps the Digital Agency's blue.
    key_colour: str = ""
    #: Name of the organisation, shown in the header.
    organisation: str = ""
    #: The demonstration: shows the mail folder as a page, and allows the demo data to be loaded.
    demo: bool = False
    #: Development: shows the page of all components.
    development: bool = False
    #: `text` for people, `json` for a log collector.
    log_format: str = "text"
    #: By whom training orders are given (命令者), where no earlier one says so.
    order_issuer: str = ""
    #: What stands before the number of a training order.
    order_prefix: str = "研修命令"
    #: Folder of the fonts that PDFs are set in (Noto Sans CJK JP); empty means the system's.
    fonts: str = ""
    #: File with the key that backups are sealed with; `kenshu backup-key` makes one. Keep a copy of
    #: it elsewhere: without it no backup can be opened.
    backup_key_file: str = ""
    #: Backups that are kept where `kenshu backup` is given a folder.
    backup_generations: int = 14
    #: Folder of pg_dump and pg_restore; empty means those that are found by their name.
    postgresql_tools: str = ""

    def __post_init__(self) -> None:
        """Refuse what cannot work, before anything starts."""
        check(self)

    def __hash__(self) -> int:  # what is kept by settings is looked up all the time
        return hash(self.instance)

    @property
    def database(self) -> str:
        """The SQLAlchemy address that is used."""
        return self.database_url or f"sqlite:///{self.instance / 'kenshu.sqlite3'}"

    @property
    def redis(self) -> str:
        """The Redis address that is used."""
        return self.redis_url or f"unix://{self.redis_socket}"

    @property
    def redis_socket(self) -> Path:
        """Socket of the launcher's own Redis; short, since the kernel allows 107 bytes."""
        return self.instance / "redis.sock"

    @property
    def objects_folder(self) -> Path:
        """Folder of the videos where there is no object store."""
        return self.instance / "objects"

    @property
    def packages(self) -> Path:
        """Folder of the packages, each under its SHA-256."""
        return self.instance / "packages"

    @property
    def uploads(self) -> Path:
        """Folder of uploads that are not yet checked."""
        return self.instance / "uploads"

    @property
    def work(self) -> Path:
        """Folder of conversions under way, a folder a job."""
        return self.instance / "work"

    @property
    def mailbox(self) -> Path:
        """Folder of mail when `mail` is `folder`."""
        return self.instance / "mail"

    @property
    def mail_limit(self) -> int:
        """Mails a minute; 0 for no limit, as of a folder, where there is nobody to be spared."""
        return 0 if self.mail == "folder" else self.mails_per_minute

    @property
    def disclosures(self) -> Path:
        """Folder of the bundles that wait to be fetched."""
        return self.instance / "disclosures"

    @property
    def is_secure(self) -> bool:
        """Whether the office is reached by TLS, so that its cookies may insist on it."""
        return urlsplit(self.office_origin).scheme == "https"

    def content_origin_of(self, attempt_label: str) -> str:
        """Return the origin that serves one attempt; its label is a DNS label."""
        return self.content_origin.replace("{attempt}", attempt_label)

    def key(self) -> str:
        """Return the secret key, making and keeping one on first use."""
        if self.secret_key:
            return self.secret_key
        path = self.instance / "secret.key"
        if not path.exists():
            keep_first(path, secrets.token_urlsafe(48))
        return path.read_text()

    @classmethod
    def from_environment(cls, environment: Mapping[str, str] = os.environ) -> Settings:
        """Read every field; raises SettingsError naming the variable that cannot be read."""
        values: dict[str, Any] = {"instance": Path("instance").resolve()}
        for field in fields(cls):
            name = PREFIX + field.name.upper()
            usual = field.name.upper() if field.name in ("database_url", "redis_url") else ""
            text = environment.get(name) or environment.get(usual)
            if text:
                values[field.name] = read(name, text, str(field.type))
        port = values.get("port", cls.port)
        for origin in ("office_origin", "content_origin"):
            # Without a proxy in front, what the browser opens is the port that is listened on.
            values.setdefault(origin, getattr(cls, origin).replace(f":{cls.port}", f":{port}"))
        return cls(**values)
