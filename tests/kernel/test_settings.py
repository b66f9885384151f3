"""Every setting comes from the environment, and what cannot work is refused before the start."""

from __future__ import annotations

import sys
from dataclasses import FrozenInstanceError, fields
from pathlib import Path

import pytest

from app.kernel.settings import Settings, SettingsError
from tests.learning.attempts.test_at_once import together

#: A value for each field, other than its default.
OTHER: dict[str, tuple[str, object]] = {
    "holidays": ("/etc/kenshu/holidays.csv", "/etc/kenshu/holidays.csv"),
    "instance": ("/var/lib/kenshu", Path("/var/lib/kenshu")),
    "database_url": ("postgresql://db/kenshu", "postgresql://db/kenshu"),
    "owner_database_url": ("postgresql://owner@db/kenshu", "postgresql://owner@db/kenshu"),
    "redis_url": ("redis://queue:6379/1", "redis://queue:6379/1"),
    "secret_key": ("long enough", "long enough"),
    "former_secret_keys": ("old older", "old older"),
    "office_origin": ("https://office.example", "https://office.example"),
    "content_origin": ("https://{attempt}.content.example", "https://{attempt}.content.example"),
    "bind": ("0.0.0.0", "0.0.0.0"),  # noqa: S104 - only read
    "port": ("8080", 8080),
    "processes": ("4", 4),
    "threads": ("16", 16),
    "frame_origins": ("https://portal.example", "https://portal.example"),
    "mail": ("smtps://office:secret@mail.example:465", "smtps://office:secret@mail.example:465"),
    "mail_from": ("kenshu@ward.example", "kenshu@ward.example"),
    "mails_per_minute": ("60", 60),
    "trusted_proxies": ("1", 1),
    "upload_limit": ("1000000", 1_000_000),
    "video_limit": ("8000000000", 8_000_000_000),
    "idle_minutes": ("60", 60),
    "import_end_percent": ("10", 10),
    "oidc_issuer": ("https://id.example/realms/ward", "https://id.example/realms/ward"),
    "oidc_client_id": ("kenshu", "kenshu"),
    "oidc_client_secret": ("only for tests", "only for tests"),
    "oidc_number_claim": ("extension_number", "extension_number"),
    "oidc_label": ("庁内認証でサインイン", "庁内認証でサインイン"),
    "oidc_ca_file": (__file__, __file__),
    "saml_metadata": (__file__, __file__),
    "saml_number_attribute": ("employeeNumber", "employeeNumber"),
    "saml_label": ("認証基盤でサインイン", "認証基盤でサインイン"),
    "object_store": ("s3://films/kenshu", "s3://films/kenshu"),
    "object_store_endpoint": ("https://store.example", "https://store.example"),
    "object_store_region": ("ap-northeast-1", "ap-northeast-1"),
    "object_store_key": ("kenshu", "kenshu"),
    "object_store_secret": ("only for tests", "only for tests"),
    "object_store_direct": ("1", True),
    "accel_path": ("/films/", "/films/"),
    "audit_years": ("5", 5),
    "concurrent_heads": ("0", False),
    "export_roles": ("office", "office"),
    "separate_publisher": ("1", True),
    "order_issuer": ("架空区長", "架空区長"),
    "order_prefix": ("架人発", "架人発"),
    "fonts": ("/usr/share/fonts/noto", "/usr/share/fonts/noto"),
    "backup_key_file": ("/etc/kenshu/backup.key", "/etc/kenshu/backup.key"),
    "backup_generations": ("30", 30),
    "postgresql_tools": ("/usr/lib/postgresql/17/bin", "/usr/lib/postgresql/17/bin"),
    "idle_minutes_learner": ("90", 90),
    "idle_minutes_shared": ("5", 5),
    "sign_in_hours": ("8", 8),
    "parallel_sign_ins": ("1", 1),
    "launch_hours": ("6", 6),
    "grace_minutes": ("15", 15),
    "password_attempts": ("5", 5),
    "lock_minutes": ("30", 30),
    "password_history": ("10", 10),
    "sso_only": ("1", True),
    "break_glass_roles": ("office", "office"),
    "second_factor_roles": ("administrator office", "administrator office"),
    "networks": ("10.0.0.0/8", "10.0.0.0/8"),
    "role_networks": ("office=10.1.0.0/16", "office=10.1.0.0/16"),
    "machine_networks": ("192.0.2.0/24", "192.0.2.0/24"),
    "content_networks": ("2001:db8::/32", "2001:db8::/32"),
    "shared_networks": ("10.9.0.0/16", "10.9.0.0/16"),
    "transcoders": ("1", 1),
    "own_processor": ("0", False),
    "video_height": ("720", 720),
    "video_sites": ("a=10.1.0.0/24;480;20;40", "a=10.1.0.0/24;480;20;40"),
    "portal_networks": ("10.5.0.0/16", "10.5.0.0/16"),
    "portal_ca_file": ("/etc/ssl/portals.pem", "/etc/ssl/portals.pem"),
    "language": ("en", "en"),
    "key_colour": ("#005bac", "#005bac"),
    "organisation": ("架空区", "架空区"),
    "demo": ("1", True),
    "development": ("1", True),
    "log_format": ("json", "json"),
}


def test_every_field_is_read_from_its_variable() -> None:
    environment = {f"KENSHU_{name.upper()}": text for name, (text, _) in OTHER.items()}
    read = Settings.from_environment(environment)
    assert {field.name: getattr(read, field.name) for field in fields(Settings)} == {
        name: value for name, (_, value) in OTHER.items()
    }
    for field in fields(Settings):
        assert field.default != getattr(read, field.name), "the value shows nothing"


def test_the_usual_names_of_database_and_queue_are_taken_too() -> None:
    read = Settings.from_environment(
        {"DATABASE_URL": "postgresql://db/x", "REDIS_URL": "redis://q", "PORT": "1", "MAIL": "x"}
    )
    assert (read.database, read.redis) == ("postgresql://db/x", "redis://q")
    assert (read.port, read.mail) == (8000, "folder")


def test_an_empty_variable_is_one_that_is_not_set() -> None:
    assert Settings.from_environment({"KENSHU_PORT": "", "KENSHU_DEMO": ""}).port == 8000


def test_without_settings_everything_lies_in_the_instance_folder(tmp_path: Path) -> None:
    settings = Settings(instance=tmp_path)
    assert settings.database == f"sqlite:///{tmp_path}/kenshu.sqlite3"
    assert settings.redis == f"unix://{tmp_path}/redis.sock"
    folders = (settings.packages, settings.uploads, settings.mailbox, settings.objects_folder)
    for folder in folders:
        assert folder.parent == tmp_path


def test_mails_are_levelled_out_where_there_is_a_server_to_be_spared(tmp_path: Path) -> None:
    assert Settings(instance=tmp_path).mail_limit == 0
    assert Settings(instance=tmp_path, mail="smtp://mail.example").mail_limit == 120


def test_another_port_changes_both_addresses() -> None:
    settings = Settings.from_environment({"KENSHU_PORT": "8010"})
    assert settings.office_origin == "http://localhost:8010"
    assert settings.content_origin_of("a-1") == "http://a-1.localhost:8010"


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("PORT", "many"),
        ("PORT", "-1"),
        ("PORT", "8.5"),
        ("THREADS", "²"),
        ("DEMO", "yes"),
        ("DEMO", "true"),
        ("AUDIT_YEARS", "0"),
        ("OWNER_DATABASE_URL", "postgresql://owner@db/kenshu"),
        ("LANGUAGE", "fr"),
        ("LOG_FORMAT", "xml"),
        ("MAIL", "sendmail"),
        ("MAIL", "http://mail.example"),
        ("CONTENT_ORIGIN", "http://localhost:8000"),
        ("OBJECT_STORE", "films"),
        ("OBJECT_STORE", "https://films.example"),
        ("OBJECT_STORE", "s3://Films"),
        ("OBJECT_STORE", "s3://films//kenshu"),
        ("OBJECT_STORE_ENDPOINT", "https://store.example"),
        ("OBJECT_STORE_REGION", "ap-northeast-1"),
        ("OBJECT_STORE_KEY", "kenshu"),
        ("OBJECT_STORE_SECRET", "secret"),
        ("OBJECT_STORE_DIRECT", "1"),
        ("ACCEL_PATH", "kenshu-objects"),
        ("ACCEL_PATH", "/kenshu-objects"),
        ("ACCEL_PATH", "/"),
        ("OIDC_CLIENT_ID", "kenshu"),
        ("SAML_METADATA", "/nowhere/idp.xml"),
        ("NETWORKS", "10.0.0.0/33"),
        ("NETWORKS", "10.0.0.1/8"),
        ("MACHINE_NETWORKS", "portal.example"),
        ("CONTENT_NETWORKS", "10.0.0.0/8;192.0.2.0/24"),
        ("SHARED_NETWORKS", "::/129"),
        ("ROLE_NETWORKS", "10.0.0.0/8"),
        ("ROLE_NETWORKS", "office="),
        ("ROLE_NETWORKS", "office=10.0.0.0/8 office=192.0.2.0/24"),
        ("PARALLEL_SIGN_INS", "0"),
        ("SIGN_IN_HOURS", "0"),
    ],
)
def test_what_cannot_work_is_refused_with_the_variables_name(name: str, text: str) -> None:
    with pytest.raises(SettingsError, match=f"KENSHU_{name}"):
        Settings.from_environment({f"KENSHU_{name}": text})


@pytest.mark.parametrize(
    ("changed", "told"),
    [
        ({"OIDC_ISSUER": "http://id.example"}, "OIDC_ISSUER takes http only on this machine"),
        ({"OIDC_ISSUER": "id.example"}, "OIDC_ISSUER takes an address"),
        ({"OIDC_ISSUER": "ftp://id.example"}, "OIDC_ISSUER takes an address"),
        ({"OIDC_CLIENT_ID": ""}, "OIDC_CLIENT_ID is missing"),
        ({"OIDC_CLIENT_SECRET": ""}, "OIDC_CLIENT_SECRET is missing"),
        ({"OIDC_CA_FILE": "/nowhere/ca.pem"}, "OIDC_CA_FILE names no file"),
    ],
)
def test_half_a_single_sign_on_is_refused(changed: dict[str, str], told: str) -> None:
    whole = {
        "OIDC_ISSUER": "http://localhost:8080",
        "OIDC_CLIENT_ID": "kenshu",
        "OIDC_CLIENT_SECRET": "only for tests",
    }
    named = {f"KENSHU_{name}": text for name, text in whole.items()}
    assert Settings.from_environment(named).oidc_issuer == "http://localhost:8080"
    with pytest.raises(SettingsError, match=f"KENSHU_{told}"):
        Settings.from_environment(named | {f"KENSHU_{n}": text for n, text in changed.items()})


@pytest.mark.parametrize(
    ("changed", "told"),
    [
        ({"KEY": ""}, "KEY is missing"),
        ({"SECRET": ""}, "SECRET is missing"),
        ({"ENDPOINT": ""}, "REGION is missing"),
        ({"ENDPOINT": "store.example"}, "ENDPOINT takes an address"),
        ({"ENDPOINT": "ftp://store.example"}, "ENDPOINT takes an address"),
        ({"ENDPOINT": "http://store.example"}, "ENDPOINT takes http only on this machine"),
    ],
)
def test_half_an_object_store_is_refused(changed: dict[str, str], told: str) -> None:
    whole = {"ENDPOINT": "http://localhost:9000", "KEY": "kenshu", "SECRET": "only for tests"}
    named = {f"KENSHU_OBJECT_STORE_{name}": text for name, text in whole.items()}
    named["KENSHU_OBJECT_STORE"] = "s3://films"
    assert Settings.from_environment(named).object_store == "s3://films"
    changes = {f"KENSHU_OBJECT_STORE_{name}": text for name, text in changed.items()}
    with pytest.raises(SettingsError, match=f"KENSHU_OBJECT_STORE_{told}"):
        Settings.from_environment(named | changes)


def test_saml_without_its_package_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "onelogin", None)
    with pytest.raises(SettingsError, match="pip install"):
        Settings.from_environment({"KENSHU_SAML_METADATA": __file__})


def test_settings_do_not_change(tmp_path: Path) -> None:
    settings = Settings(instance=tmp_path)
    with pytest.raises(FrozenInstanceError):
        settings.port = 1  # type: ignore[misc] # that is what is refused


def test_the_key_is_made_once_and_read_by_its_owner_alone(tmp_path: Path) -> None:
    first = Settings(instance=tmp_path).key()
    path = tmp_path / "secret.key"
    assert len(first) >= 64
    assert path.stat().st_mode & 0o777 == 0o600
    assert Settings(instance=tmp_path).key() == first
    assert list(tmp_path.iterdir()) == [path]


def test_two_installations_have_two_keys(tmp_path: Path) -> None:
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
    assert Settings(tmp_path / "one").key() != Settings(tmp_path / "two").key()


def test_processes_that_start_together_share_one_whole_key(tmp_path: Path) -> None:
    keys = together(8, lambda: Settings(instance=tmp_path).key())
    assert len(keys[0]) >= 64
    assert keys == [keys[0]] * 8


def test_a_key_that_is_given_is_taken_and_nothing_is_kept(tmp_path: Path) -> None:
    assert Settings(instance=tmp_path, secret_key="given").key() == "given"
    assert list(tmp_path.iterdir()) == []
