"""The look: every component is shown, made by its macro, and is what its policy allows."""

from __future__ import annotations

import dataclasses
import json
import re
from pathlib import Path

import flask
import jinja2
import pytest
from flask.testing import FlaskClient
from lxml import html
from wtforms import Form, RadioField, StringField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired

from app import factory
from app.kernel.db import Database
from app.kernel.settings import Settings
from app.kernel.web import paging, style

APP = Path(factory.__file__).parent
TEMPLATES = APP / "templates"
SHEETS = APP / "static" / "css"
MACROS = sorted(path.name for path in (TEMPLATES / "macros").glob("*.html"))
#: Drawn by other macros, never by a page of its own.
INNER = {"form_control_label.html", "icon.html"}


class Enquiry(Form):
    """A form with a required line of text and a required choice."""

    title = StringField(
        "研修の名前", [InputRequired("入力してください。")], description="受講者に見えます。"
    )
    manner = RadioField(
        "方法", [InputRequired("選んでください。")], choices=[SelectChoice("e", "eラーニング")]
    )


@pytest.fixture
def app(settings: Settings, database: Database) -> flask.Flask:
    settings.instance.mkdir(exist_ok=True)
    made = factory.create_app(settings, database)
    made.config.update(TESTING=True, WTF_CSRF_ENABLED=False)
    return made


def draw(app: flask.Flask, source: str, address: str = "/", **values: object) -> html.HtmlElement:
    """Render one piece of a template within a request for an address."""
    with app.test_request_context(address):
        template: jinja2.Template = app.jinja_env.from_string(source)
        return html.fragment_fromstring(template.render(**values), create_parent="div")


@pytest.mark.parametrize("name", [name for name in MACROS if name not in INNER])
def test_the_page_of_components_shows_this_one(name: str) -> None:
    imports = (TEMPLATES / "look.html").read_text(encoding="utf-8")
    wanted = re.search(rf'from "macros/{name}" import (.+?) %}}', imports)
    assert wanted is not None
    for macro in wanted[1].split(", "):
        assert re.search(rf"(\{{\{{|\{{% call(\(\w+\))?|\+|, |=)\s*{macro}\(", imports), macro


def test_every_stylesheet_is_loaded_and_every_loaded_one_is_there() -> None:
    assert sorted(style.SHEETS) == sorted(path.stem for path in SHEETS.glob("*.css"))


@pytest.mark.parametrize("path", sorted(TEMPLATES.rglob("*.html")), ids=lambda path: path.name)
def test_a_template_holds_no_style_script_or_handler_of_its_own(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert not re.search(r"<style|\sstyle=|\son[a-z]+=\"", text)
    scripts = re.findall(r"<script[^>]*>", text)
    # A block of data is read by a script, and runs nowhere.
    assert all("src=" in tag or 'type="application/json"' in tag for tag in scripts)


def test_a_colour_of_meaning_never_stands_without_a_sign(app: flask.Flask) -> None:
    for kind in ("neutral", "info", "progress", "waiting", "success", "warning", "error"):
        source = (
            '{% from "macros/chip_label.html" import chip_label %}{{ chip_label("修了", kind) }}'
        )
        chip = draw(app, source, kind=kind)
        assert chip.text_content() == "修了"
        assert len(chip.xpath(".//svg[@aria-hidden='true']/path[string-length(@d) > 20]")) == 1


def test_a_field_in_error_says_so_to_eyes_and_ears(app: flask.Flask) -> None:
    form = Enquiry()
    form.validate()
    drawn = draw(
        app,
        '{% from "macros/input_text.html" import input_text %}{{ input_text(form.title) }}',
        form=form,
    )
    (control,) = drawn.xpath(".//input")
    assert control.get("aria-invalid") == "true"
    described = [drawn.get_element_by_id(name) for name in control.get("aria-describedby").split()]
    assert [part.text_content().strip() for part in described] == [
        "受講者に見えます。",
        "入力してください。",
    ]
    (label,) = drawn.xpath(".//label")
    assert label.get("for") == control.get("id")
    assert "必須" in drawn.text_content()


def test_a_field_without_error_is_not_called_invalid(app: flask.Flask) -> None:
    source = '{% from "macros/input_text.html" import input_text %}{{ input_text(form.title) }}'
    (control,) = draw(app, source, form=Enquiry()).xpath(".//input")
    assert control.get("aria-invalid") is None
    assert control.get("aria-describedby") == "title-help"


def test_the_summary_of_errors_leads_to_each_field(app: flask.Flask) -> None:
    form = Enquiry()
    form.validate()
    source = """{% from "macros/error_summary.html" import error_summary %}
      {% from "macros/input_text.html" import input_text %}
      {% from "macros/radio.html" import radio %}
      {{ error_summary(form) }}{{ input_text(form.title) }}{{ radio(form.manner) }}"""
    drawn = draw(app, source, form=form)
    links = drawn.xpath(".//*[@role='alert']//a")
    assert [link.text for link in links] == [
        "研修の名前：入力してください。",
        "方法：選んでください。",
    ]
    for link in links:
        assert len(drawn.xpath(".//*[@id=$id]", id=link.get("href")[1:])) == 1


def test_a_form_without_errors_has_no_summary(app: flask.Flask) -> None:
    source = '{% from "macros/error_summary.html" import error_summary %}{{ error_summary(form) }}'
    assert len(draw(app, source, form=Enquiry())) == 0


def test_a_page_of_a_list_keeps_the_filters_in_its_links(app: flask.Flask) -> None:
    source = (
        '{% from "macros/page_navigation.html" import page_navigation %}{{ page_navigation(page) }}'
    )
    page = paging.Page(rows=[], number=2, total=412)
    drawn = draw(app, source, "/staff?q=山田&state=a&state=b&page=2", page=page)
    (following,) = drawn.xpath(".//a[@rel='next']/@href")
    assert following == "?q=%E5%B1%B1%E7%94%B0&state=a&state=b&page=3"
    assert drawn.xpath(".//*[@aria-current='page']")[0].text == "2"
    assert "全412件中 51〜100件" in drawn.text_content()


def test_a_list_of_one_page_has_no_links(app: flask.Flask) -> None:
    source = (
        '{% from "macros/page_navigation.html" import page_navigation %}{{ page_navigation(page) }}'
    )
    drawn = draw(app, source, page=paging.Page(rows=[1], number=1, total=1))
    assert not drawn.xpath(".//a")


@pytest.mark.parametrize(
    ("address", "order", "link"),
    [
        ("/staff?q=x&page=3", "ascending", "?q=x&sort=-name"),
        ("/staff?sort=name", "ascending", "?sort=-name"),
        ("/staff?sort=-name", "descending", "?sort=name"),
        ("/staff?sort=score", None, "?sort=name&sort=score"),
    ],
)
def test_a_head_sorts_and_turns_the_order_round(
    app: flask.Flask, address: str, order: str | None, link: str
) -> None:
    source = """{% from "macros/table.html" import table %}
      {% call table([column], "職員") %}{% endcall %}"""
    column = {"label": "氏名", "sort": "name", "sorted": "ascending"}
    (head,) = draw(app, source, address, column=column).xpath(".//th")
    assert head.get("aria-sort") == order
    assert head.xpath("./a/@href") == [link]


def test_what_people_wrote_is_never_markup(app: flask.Flask) -> None:
    source = """{% from "macros/table.html" import cell %}{% from "macros/card.html" import card %}
      {% from "macros/notification_banner.html" import notification_banner %}
      {% from "macros/description_list.html" import description_list %}
      {{ notification_banner(text, text=text) }}{% call card(text) %}{{ text }}{% endcall %}
      {{ description_list([(text, text)]) }}
      <table><tr>{{ cell(text, text) }}{% call cell(text) %}{{ text }}{% endcall %}</tr></table>"""
    drawn = draw(app, source, text='"><img src=x onerror=alert(1)>')
    assert not drawn.xpath(".//img")
    assert len(drawn.xpath(".//*[@onerror]")) == 0


def test_a_dialog_of_its_own_form_carries_the_token(app: flask.Flask) -> None:
    source = """{% from "macros/dialog.html" import confirm_dialog %}
      {% call confirm_dialog("stop", "中止しますか", "中止する", action="/stop") %}{% endcall %}"""
    (form,) = draw(app, source).xpath(".//dialog[@id='stop']/form[@method='post'][@action='/stop']")
    assert form.xpath("./input[@name='csrf_token']/@value") != [""]
    assert form.xpath(".//button[@type='submit']//span/text()") == ["中止する"]


def test_a_page_loads_htmx_without_eval_and_without_styles_of_its_own(office: FlaskClient) -> None:
    page = html.document_fromstring(office.get("/no-such-page").get_data())
    (configuration,) = page.xpath("//meta[@name='htmx-config']/@content")
    settings = json.loads(configuration)
    assert settings["allowEval"] is False
    assert settings["includeIndicatorStyles"] is False
    for address in page.xpath("//link[@rel='stylesheet']/@href | //script/@src"):
        with office.get(address) as answer:
            assert answer.status_code == 200, address


def test_the_browser_s_packages_are_pinned_and_their_lock_names_no_host() -> None:
    root = APP.parent
    package = json.loads((root / "package.json").read_text(encoding="utf-8"))
    for version in (package["dependencies"] | package["devDependencies"]).values():
        assert re.fullmatch(r"\d+\.\d+\.\d+", version)
    lock = (root / "package-lock.json").read_text(encoding="utf-8")
    assert '"resolved"' not in lock
    assert '"integrity"' in lock


@pytest.mark.parametrize(("development", "status"), [(True, 200), (False, 404)])
def test_the_page_of_components_is_there_for_who_develops_and_for_nobody_else(
    settings: Settings, database: Database, *, development: bool, status: int
) -> None:
    settings.instance.mkdir(exist_ok=True)
    made = factory.create_app(dataclasses.replace(settings, development=development), database)
    assert made.test_client().get("/look").status_code == status
