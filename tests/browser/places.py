"""Every page: its endpoint, how to get there in the demonstration, and who sees it."""

from __future__ import annotations

import base64
import re
from dataclasses import dataclass
from pathlib import Path
from zipfile import ZipFile

from playwright.sync_api import expect

from app.kernel import clock
from content_packages.samples import build
from tests.browser.window import Window
from tests.workers import films

OFFICE, AUTHOR, HEAD, LEARNER = "00102", "00103", "00301", "00303"
ANYBODY = ""
STAFF = (OFFICE, AUTHOR, HEAD, LEARNER)
IMPORT_MS = 150_000
KEY = r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}"
ONE_CHANGE = (
    "職員番号,氏名,所属コード,所属,職名,メールアドレス\r\n"
    "00303,研修 太郎,0210,窓口課,主任,s00303@example.jp\r\n"
    "00701,試作 さつき,0120,総務課,主事,s00701@example.jp\r\n"
    "00702,試作 つむぎ,0999,企画課,主事,\r\n"
)
OVERLAPPING_CAPTIONS = (
    "WEBVTT\n\n00:00:01.000 --> 00:00:04.000\n非常ベルが鳴ります。\n"
    "\n00:00:03.000 --> 00:00:07.000\n落ち着いて、出口へ向かいます。\n"
)
STATEMENT = {
    "actor": {"name": "研修 太郎", "mbox": "mailto:s00303@example.jp"},
    "verb": {"id": "http://adlnet.gov/expapi/verbs/completed"},
    "object": {
        "id": "https://example.jp/courses/information-security/lessons/1",
        "definition": {"name": {"ja": "情報セキュリティの基本"}},
    },
    "result": {"score": {"scaled": 0.8}, "success": True, "duration": "PT12M30S"},
}
ONE_SECTION = "所属コード,所属名,上位所属コード\r\n0200,区民部,\r\n0230,保険年金課,0200\r\n"


@dataclass(frozen=True)
class Place:
    """A page: the endpoint that answers it, its address by the keys of `prepare`, and its readers.

    `name` tells apart the pictures and the faults of two places with one endpoint.
    """

    name: str
    endpoint: str
    address: str
    readers: tuple[str, ...] = (OFFICE,)
    status: int = 200


PLACES = (
    Place("sign-in", "sign_in.ask", "/sign-in", (ANYBODY,)),
    Place("password", "passwords.password", "/password", (LEARNER,)),
    Place("second-factor-set-up", "second_factor.set_up", "/second-factor/set-up", (LEARNER,)),
    Place("account", "accounts.account", "/account", STAFF),
    Place("purposes", "purposes.purposes", "/purposes", STAFF),
    Place("purposes-edit", "purposes.edit", "/purposes/edit"),
    Place("system", "system.system", "/system"),
    Place("operators", "operators.operators", "/operators"),
    Place("portals", "portals.portals", "/portals"),
    Place("portal-new", "portals.new", "/portals/new"),
    Place("portal", "portals.portal", "{portal}"),
    Place("portal-edit", "portals.edit", "{portal}/edit"),
    Place("portal-limits", "portals.limits", "{portal}/limits"),
    Place("portal-materials", "portals.materials", "{portal}/materials"),
    Place("portal-launches", "portal_checks.launches", "{portal}/launches"),
    Place("portal-scores", "portal_checks.scores", "{portal}/scores"),
    Place("portal-learners", "portal_people.learners", "{portal}/learners"),
    Place("portal-invitation", "portal_invitations.new", "/portals/invitations/new"),
    Place("portal-package", "portal_packages.new", "/portals/packages/new"),
    Place("clients", "xapi_clients.clients", "/record-store/clients"),
    Place("client-new", "xapi_clients.new", "/record-store/clients/new"),
    Place("forwards", "xapi_forwards.forwards", "/record-store/forwards"),
    Place("forward-new", "xapi_forwards.new", "/record-store/forwards/new"),
    Place("forward", "xapi_forwards.forward", "{forward}"),
    Place("forward-key", "xapi_forwards.key", "{forward}/key"),
    Place("statements", "statement_pages.statements", "/record-store/statements"),
    Place(
        "statements-unclear",
        "statement_pages.statements",
        "/record-store/statements?agent=00303&until=1900&verb=x",
        status=422,
    ),
    Place("statement-days", "statement_pages.days", "/record-store/statements/days"),
    Place("statement", "statement_pages.statement", "{statement}"),
    Place("portal-refused", "lti.login", "/lti/login", (ANYBODY,), status=400),
    Place(
        "portal-link",
        "portal_links.material",
        "/lti/materials/00000000-0000-7000-8000-000000000000",
        (ANYBODY,),
    ),
    Place("home", "home.home", "/", STAFF),
    Place("calendar", "calendars.address", "/calendar", (LEARNER,)),
    Place("assignment", "learner.assignment", "{assignment}", (LEARNER,)),
    Place("assignment-done", "learner.assignment", "{assignment_done}", (LEARNER,)),
    Place("exam", "exams.exam", "{exam}", (LEARNER,)),
    Place("sitting", "exams.sitting", "{sitting}", (LEARNER,)),
    Place("sitting-confirm", "exams.confirm", "{sitting}/submit", (LEARNER,)),
    Place("sitting-result", "exams.result", "{sitting_done}/result", (LEARNER,)),
    Place("survey-answer", "surveys.survey", "{survey_answer}", (LEARNER,)),
    Place("reading", "reading.reading", "{reading}", (LEARNER,)),
    Place("check-in", "check_in.ask", "/check-in", STAFF),
    Place("section-seats", "seats.of_sections", "/sections/seats", (HEAD,)),
    Place("changes-waiting", "changes.waiting", "/changes/waiting", (OFFICE, HEAD)),
    Place("applications", "candidacies.applications", "/applications", STAFF),
    Place("nominations", "nominations.nominations", "/nominations", (HEAD,)),
    Place("approvals", "approvals.approvals", "/approvals", (OFFICE, HEAD)),
    Place("approvals-stuck", "approvals.stuck", "/nominations/stuck"),
    Place("history", "reports.history", "/history", STAFF),
    Place("histories", "reports.histories", "/history/people", (HEAD,)),
    Place("sections-of-a-year", "reports.sections", "/reports/sections"),
    Place("ledgers", "ledgers.ledgers", "/ledgers"),
    Place("record", "reports.record", "{record}", (LEARNER,)),
    Place("record-of-another", "reports.record", "{record_of_another}"),
    Place("trace", "traces.trace", "{trace}", (AUTHOR,)),
    Place("history-of-another", "reports.history_of", "{history_of}"),
    Place("staff", "staff.staff", "/staff"),
    Place("person", "staff.person", "{person}"),
    Place("person-to-the-head", "staff.person", "{person}", (HEAD,)),
    Place("roles", "roles.roles", "{person}/roles"),
    Place("deputies", "roles.deputies", "/deputies", (OFFICE, AUTHOR, LEARNER, HEAD)),
    Place("correction", "profiles.correction", "{person}/correction"),
    Place("handling", "handling.person", "{person}/handling"),
    Place("merges", "merges.merges", "/merges"),
    Place("merge", "merges.compare", "/merges/compare?kept=00303&merged=00301"),
    Place("titles", "titles.titles", "/titles"),
    Place("title", "titles.title", "{title}"),
    Place("retention", "retention.overview", "/retention"),
    Place("retention-period", "retention.period", "/retention/periods/answers"),
    Place("self-check", "self_check.self_check", "/self-check"),
    Place("audit", "audit.lines", "/audit"),
    Place("passwords", "staff.initial_passwords", "/staff/passwords"),
    Place("imports", "register_imports.past", "/imports"),
    Place("import-staff", "register_imports.choose", "/imports/staff"),
    Place("import-staff-checked", "register_imports.batch", "{staff_batch}"),
    Place("sections", "sections.sections", "/sections"),
    Place("import-sections", "register_imports.choose", "/imports/sections"),
    Place("import-sections-checked", "register_imports.batch", "{section_batch}"),
    Place("materials", "materials.materials", "/materials", (OFFICE, AUTHOR)),
    Place("material", "materials.material", "{material}", (OFFICE, AUTHOR)),
    Place("material-with-findings", "materials.material", "{faulty_material}", (AUTHOR,)),
    Place("new-document", "readings.new_document", "/readings/documents/new", (AUTHOR,)),
    Place("new-link", "readings.new_link", "/readings/links/new", (AUTHOR,)),
    Place("reading-of-author", "readings.reading", "{link}", (AUTHOR,)),
    Place("banks", "banks.banks", "/banks", (OFFICE, AUTHOR)),
    Place("bank", "banks.bank", "{bank}", (AUTHOR,)),
    Place("bank-kinds", "banks.new_question", "{bank}/questions/new", (AUTHOR,)),
    Place("bank-new", "banks.new_question", "{bank}/questions/new?kind=single", (AUTHOR,)),
    Place("bank-question", "banks.question", "{question}", (AUTHOR,)),
    Place("bank-files", "exchange.exchange", "{bank}/files", (AUTHOR,)),
    Place("new-test", "test_papers.new", "/tests/new", (AUTHOR,)),
    Place("test", "test_papers.paper", "{test}", (AUTHOR,)),
    Place("test-rules", "test_papers.rules", "{test}/rules", (AUTHOR,)),
    Place("test-section", "test_papers.section", "{test}/section", (AUTHOR,)),
    Place("test-question", "test_papers.question", "{test_question}", (AUTHOR,)),
    Place("test-preview", "trials.preview", "{test}/preview", (AUTHOR,)),
    Place("upload", "imports.upload", "/materials/upload", (OFFICE, AUTHOR)),
    Place("upload-version", "imports.upload_version", "{material}/versions/upload", (AUTHOR,)),
    Place("import-refused", "imports.progress", "{refused_import}", (AUTHOR,)),
    Place("new-survey", "sheets.new", "/sheets/new", (OFFICE, AUTHOR)),
    Place("survey-sheet", "sheets.sheet", "{survey}", (OFFICE, AUTHOR)),
    Place("survey-question", "sheets.question", "{survey}/question?kind=scale", (AUTHOR,)),
    Place("survey-preview", "sheets.preview", "{survey}/preview", (AUTHOR,)),
    Place("new-video", "videos.new", "/videos/new", (AUTHOR,)),
    Place("video", "videos.video", "{video}", (OFFICE, AUTHOR)),
    Place("new-video-version", "videos.new_version", "{video}/versions/new", (AUTHOR,)),
    Place("captions", "captions.captions", "{video}/captions", (AUTHOR,)),
    Place("captions-text", "captions.edit", "{video}/captions/ja", (AUTHOR,)),
    Place("chapters", "captions.chapters", "{video}/chapters", (AUTHOR,)),
    Place("video-questions", "video_questions.questions", "{video}/questions", (AUTHOR,)),
    Place("video-question", "video_questions.question", "{video}/questions/question", (AUTHOR,)),
    Place("survey-results", "survey_results.run", "{tested}/survey"),
    Place("survey-answers", "survey_results.answers", "{run}/survey/answers"),
    Place("surveys-of-training", "survey_results.training", "{tested_training}/surveys"),
    Place("survey-comparison", "survey_results.comparison", "/survey-comparison"),
    Place("survey-totals", "survey_totals.runs", "/sections/surveys", (HEAD,)),
    Place("survey-total", "survey_totals.run", "{tested}/survey-totals", (HEAD,)),
    Place("trainings", "trainings.trainings", "/trainings"),
    Place("messages", "messages.kinds", "/messages"),
    Place("message", "messages.words", "/messages/words/run.opened"),
    Place("undelivered", "messages.undelivered", "/messages/undelivered"),
    Place("new-run", "planning.new_run", "{training}/runs/new"),
    Place("run", "runs.run", "{run}"),
    Place("run-draft", "runs.run", "{draft}"),
    Place("run-edit", "planning.edit", "{run}/edit"),
    Place("run-edit-draft", "planning.edit", "{draft}/edit"),
    Place("run-stop", "life.ask", "{run}/cancel"),
    Place("run-online", "life.online", "{run}/online"),
    Place("run-capacity", "life.capacity", "{run}/capacity"),
    Place("runs-calendar", "months.calendar", "/runs/calendar"),
    Place("courses", "catalogue.courses", "/courses", STAFF),
    Place("courses-calendar", "catalogue.courses", "/courses?view=calendar", STAFF),
    Place("course", "catalogue.course", "{course}", (LEARNER,)),
    Place("new-training", "syllabus.new_training", "/trainings/new"),
    Place("training", "trainings.training", "{training}"),
    Place("edit-training", "syllabus.edit_training", "{training}/edit"),
    Place("categories", "syllabus.categories", "/trainings/categories"),
    Place("category", "syllabus.category", "{category}"),
    Place("plan", "offerings.plan", "/plans"),
    Place("new-offering", "offerings.new_offering", "/plans/new?year=2090"),
    Place("copy-plan", "copies.copy", "{copy}"),
    Place("offering", "offerings.offering", "{offering}"),
    Place("reminders", "reminders.rule", "{offering}/reminders"),
    Place("edit-offering", "offerings.edit", "{offering}/edit"),
    Place("quotas", "quotas.quotas", "{offering}/quotas"),
    Place("institute", "institutes.institute", "{institute}"),
    Place("enrol", "roster.enrol", "{draft}/enrol"),
    Place("audience", "audiences.audience", "{short}/audience"),
    Place("audience-list", "audiences.by_list", "{short}/audience/list"),
    Place("audience-people", "audiences.people", "{short}/audience/people"),
    Place("order-all", "ordering.order_all", "{draft}/order-all"),
    Place("naming", "naming.named", "{short}/naming"),
    Place("naming-new", "naming.new", "{short}/naming/new"),
    Place("naming-answer", "naming.ask", "{naming}", (HEAD,)),
    Place("report", "reports.run", "/reports{run}"),
    Place("marking", "marking.waiting", "/marking"),
    Place("marking-run", "marking.of_run", "{tested}/marking"),
    Place("marking-sitting", "marking.sitting", "{marking}"),
    Place("item-analysis", "item_analysis.analysis", "{analysis}", (OFFICE, AUTHOR)),
    Place("reports", "report_index.reports", "/reports", (OFFICE, HEAD)),
    Place("unfinished", "unfinished.unfinished", "/reports/unfinished", (OFFICE, HEAD)),
    Place("unfinished-remind", "unfinished.ask_remind", "/reports/unfinished/remind?chosen=all"),
    Place("progress", "progress.overview", "/reports/progress?obligation=all", (OFFICE, HEAD)),
    Place("progress-offering", "progress.offering", "{progress}", (OFFICE, HEAD)),
    Place("yearly", "yearly.yearly", "/reports/yearly"),
    Place("guide", "guide.contents", "/guide", (LEARNER,)),
    Place("guide-office", "guide.chapter", "/guide/office"),
    Place("guide-sign-on", "guide.chapter", "/guide/sign-on"),
    Place("seat", "seats.seat", "{seat}", (LEARNER,)),
    Place("absence", "absences.absence", "{seat}/absence", (LEARNER,)),
    Place("make-up", "absences.make_up", "{seat}/make-up", (LEARNER,)),
    Place("change-run", "changes.move", "{seat}/move", (LEARNER,)),
    Place("decline", "changes.ask", "{seat}/ask/decline", (LEARNER,)),
    Place("replace", "changes.replace", "{seat}/replace", (HEAD,)),
    Place("end-enrolment", "changes.end", "{enrolment}/end"),
    Place("attendance", "attendance.matrix", "{hall_run}/attendance"),
    Place("absent", "attendance.absent", "{hall_run}/absent"),
    Place("attendance-sheet", "attendance.sheet", "{session}/attendance"),
    Place("attendance-file", "attendance_files.choose", "{session}/attendance/file"),
    Place("attendance-roster", "attendance.roster", "{session}/roster"),
    Place("check-in-door", "check_in.door", "{session}/check-in"),
    Place("completion", "decisions.proposals", "{tested}/completion"),
    Place("completion-rule", "completion.rule", "{hall}/completion"),
    Place("completion-person", "decisions.person", "{decided}"),
    Place("certificates", "certificates.of_run", "{tested}/certificates"),
    Place("certificates-own", "certificates.own", "/certificates", STAFF),
    Place("verify", "certificates.verify", "/verify", (ANYBODY,)),
    Place("verify-refused", "certificates.verify", "/verify?number=2026-1&code=0", (ANYBODY,)),
    Place("attendance-person", "verdicts.person", "{enrolment}/attendance"),
    Place("report-form", "report_forms.ask", "{training}/report-form"),
    Place("results-waiting", "report_desk.waiting", "/results/waiting", (HEAD,)),
    Place("results-of-run", "report_desk.of_run", "{tested}/results"),
    Place("result", "results.report", "{result}", (LEARNER,)),
    Place("result-review", "results.review", "{reported}", (OFFICE, HEAD)),
    Place("watching", "viewing.watching", "{watching}"),
    Place("orders", "orders.run_orders", "{hall_run}/orders"),
    Place("order", "orders.order", "{order}", (OFFICE, HEAD, LEARNER)),
    Place("remind-receipts", "receipts.ask_remind", "{order}/remind"),
    Place("selection", "selection.choose", "{hall}/selection"),
    Place("selection-confirm", "selection.confirm", "{hall}/selection/confirm"),
    Place("candidacies", "calls.candidacies_of", "{called}/candidacies"),
    Place("section-list", "nominations.section_list", "{list}", (HEAD,)),
    Place("apply-for-another", "nominations.apply", "{list_apply}", (HEAD,)),
    Place("apply", "candidacies.apply", "{called_course}/apply", (LEARNER,)),
    Place("apply-again", "candidacies.submit", "{returned}", (HEAD,)),
    Place("section-notices", "section_notices.notices", "/sections/notices", (HEAD,)),
    Place("mail", "mailbox.mailbox", "/demo/mail", (OFFICE,)),
    Place("not-found", "", "/nowhere", STAFF, 404),
    Place("forbidden", "", "/staff", (LEARNER,), 403),
)

#: What answers GET and is no page, each with what it is.
NO_PAGES = {
    "frame.static": "stylesheets, scripts and pictures",
    "frame.key_colour": "a stylesheet",
    "style.style": "a stylesheet",
    "guide.picture": "pictures of the guide",
    "lti.key_set": "our public keys, as JSON",
    "portal_packages.package": "a ZIP",
    "portal_package_calls.progress": "how far a learner is, as JSON",
    "register_imports.progress": "a part of register_imports.batch, fetched by it",
    "register_imports.errors": "a CSV",
    "register_imports.blank_file": "a workbook",
    "ordering.progress": "a part of ordering.order_all, fetched by it",
    "uploads.show": "how far an upload is, in headers",
    "imports.progress_part": "a part of imports.progress, fetched by it",
    "videos.progress_part": "a part of videos.video, fetched by it",
    "captions.file": "a file of captions",
    "staff.staff_file": "a CSV",
    "report_desk.file": "a CSV",
    "report_papers.own": "a PDF",
    "report_papers.one": "a PDF",
    "report_papers.of_run": "a PDF",
    "papers.order": "a PDF",
    "papers.roster": "a PDF",
    "papers.decisions": "a PDF",
    "certificates.paper": "a PDF",
    "certificates.papers": "a PDF",
    "retention.certificate": "a PDF, or the same as JSON",
    "attendance_files.sheet_file": "a CSV",
    "attendance_files.matrix_file": "a CSV",
    "reports.run_file": "a CSV",
    "marking.essays_file": "a CSV",
    "survey_results.texts": "a CSV",
    "unfinished.unfinished_file": "a CSV",
    "yearly.workbook": "a workbook",
    "yearly.sheet": "a PDF",
    "offerings.plan_file": "a workbook",
    "institutes.nominees_file": "a CSV",
    "exchange.bank_file": "a bank in one of several formats",
    "exchange.blank_file": "a workbook",
    "reports.history_file": "a CSV",
    "reports.history_paper": "a PDF",
    "reports.sections_file": "a CSV",
    "ledgers.blank_file": "a workbook",
    "calendars.feed": "a calendar that other programs subscribe to",
    "traces.trace_file": "a debug log as a file",
    "statement_pages.statements_file": "statements, one a line",
    "readings.opened": "a PDF, or the way to another site",
    "reading.opened": "a PDF, or the way to another site",
    "content.script": "the player's own files",
    "content.unit_file": "files of a unit",
    "course_page.standing": "how far a learner is, as JSON",
    "course_page.returned_file": "a stylesheet and a script",
    "watching.master": "a playlist",
    "watching.file": "files of a film",
    "watching.captions": "captions of a film",
    "content.package_file": "files of a package",
}


def prepare(office: Window, author: Window, learner: Window, folder: Path) -> dict[str, str]:
    """Make what the demonstration has not, and return the keys of the addresses of PLACES."""
    keys = {
        "training": link(office, "/trainings", "/trainings", "情報セキュリティ研修"),
        "material": link(office, "/materials", "/materials", ""),
        "person": link(office, "/staff?q=00303", "/staff", "研修 太郎"),
        "title": link(office, "/titles", "/titles", ""),
        "assignment": link(learner, "/", "/assignments", "やさしい日本語研修"),
        "assignment_done": link(learner, "/", "/assignments", "情報セキュリティ研修"),
        "record": link(learner, "/history", "/history", ""),
    }
    keys["run"] = link(office, keys["training"], "/runs", "第2回")
    plain = link(office, "/trainings", "/trainings", "やさしい日本語研修")
    keys["draft"] = link(office, plain, "/runs", "第2回")
    keys["course"] = link(learner, "/courses", "/courses", "")
    keys["offering"] = link(office, keys["training"], "/offerings", "")
    keys["progress"] = keys["offering"].replace("/offerings/", "/reports/progress/")
    keys["category"] = link(office, "/trainings/categories", "/trainings/categories", "")
    keys["copy"] = f"/plans/copy?year={clock.fiscal_year(clock.today(clock.now())) + 1}"
    keys["institute"] = _institute(office, plain)
    keys["short"] = link(office, plain, "/offerings", "")
    keys["naming"] = _name(office, keys["short"], HEAD)
    keys |= _classroom(office, learner)
    keys["history_of"] = "/history/people" + keys["person"].removeprefix("/staff")
    keys["record_of_another"] = link(office, keys["history_of"], "/history", "")
    keys["trace"] = _trace(author, keys["material"])
    keys["survey"] = _survey(author)
    keys["video"] = _video(author)
    fire = link(office, link(office, "/trainings", "/trainings", "防火研修"), "/runs", "第1回")
    office.page.goto(fire)
    changed = office.page.get_by_role("link", name=re.compile("の視聴条件を変える"))
    keys["watching"] = changed.get_attribute("href") or ""
    keys |= _questions(author)
    keys |= _tested(office, learner)
    keys["staff_batch"] = check_file(office, "/imports/staff", ONE_CHANGE)
    keys["section_batch"] = check_file(office, "/imports/sections", ONE_SECTION)
    keys["link"] = _link(author)
    keys["portal"] = _portal(office)
    keys["forward"] = _forward(office)
    keys["statement"] = _statement(office)
    keys["faulty_material"] = _upload(author, faulty_package(folder), rf"/materials/{KEY}\?")
    broken = folder / "broken.zip"
    broken.write_bytes(b"this is no ZIP at all")
    keys["refused_import"] = _upload(author, broken, rf"/materials/imports/{KEY}$", refused=True)
    return keys


def _portal(office: Window) -> str:
    """Return the path of a portal that waits for its approval."""
    page = office.page
    page.goto("/portals/new")
    where = "https://portal.example.jp"
    for name, value in {
        "name": "架空ポータル",
        "issuer": where,
        "client_id": "client-1",
        "auth_login_url": f"{where}/auth",
        "auth_token_url": f"{where}/token",
        "key_set_url": f"{where}/keys",
        "deployment_id": "1",
    }.items():
        page.locator(f"#{name}").fill(value)
    page.get_by_role("button", name="登録する").click()
    expect(page.get_by_role("heading", name="架空ポータル")).to_be_visible()
    return page.url.removeprefix(office.origin)


def _forward(office: Window) -> str:
    """Return the path of another record store, which waits for its approval."""
    page = office.page
    page.goto("/record-store/forwards/new")
    for name, value in {
        "name": "架空の分析基盤",
        "endpoint": "https://lrs.example.jp/xapi/",
        "key": "key-1",
        "secret": "secret-1",
        "verbs": "http://adlnet.gov/expapi/verbs/passed\nhttp://adlnet.gov/expapi/verbs/failed",
    }.items():
        page.locator(f"#{name}").fill(value)
    page.get_by_role("button", name="登録する").click()
    expect(page.get_by_role("heading", name="架空の分析基盤")).to_be_visible()
    return page.url.removeprefix(office.origin)


def _statement(office: Window) -> str:
    """Add a system that sends a statement, and one that is stopped; return the statement's path."""
    page = office.page
    for name in ("前のシステム", "架空LMS"):
        page.goto("/record-store/clients/new")
        page.get_by_label("接続先システムの名前").fill(name)
        page.get_by_label("記録を送る").check()
        page.get_by_role("button", name="追加する").click()
    key, secret = (page.locator(f"#{name}").input_value() for name in ("key", "secret"))
    pair = base64.b64encode(f"{key}:{secret}".encode()).decode()
    answer = page.request.post(
        f"{office.origin}/xapi/statements",
        data=STATEMENT,
        headers={"Authorization": f"Basic {pair}", "X-Experience-API-Version": "1.0.3"},
    )
    assert answer.ok, answer.text()
    page.goto("/record-store/clients")
    page.get_by_role("button", name="「前のシステム」の接続を止める").click()
    page.get_by_role("button", name="止める", exact=True).click()
    expect(page.get_by_text("「前のシステム」の接続を止めました")).to_be_visible()
    return f"/record-store/statements/{answer.json()[0]}"


def _classroom(office: Window, learner: Window) -> dict[str, str]:
    """Return the keys of what the two trainings hold where people meet."""
    hall = link(office, "/trainings", "/trainings", "窓口応対研修")
    called = link(office, "/trainings", "/trainings", "説明力向上研修")
    keys = {
        "hall": link(office, hall, "/offerings", ""),
        "hall_run": link(office, hall, "/runs", "第1回"),
        "called": link(office, called, "/offerings", ""),
        "seat": link(learner, "/", "/seats", "窓口応対研修"),
    }
    keys["enrolment"] = keys["seat"].replace("/seats/", "/enrolments/")
    keys["result"] = keys["seat"].replace("/seats/", "/results/")
    keys["order"] = link(office, keys["hall_run"] + "/orders", "/orders", "")
    sheet = rf"/sessions/{KEY}/attendance"
    keys["session"] = first(office, keys["hall_run"] + "/attendance", sheet).rpartition("/")[0]
    keys["called_course"] = keys["called"].replace("/offerings/", "/courses/")
    asked = rf"/nominations/{KEY}\?section={KEY}"
    keys["list"] = first(office, keys["called"] + "/candidacies", asked, "窓口課")
    again = rf"/candidacies/{KEY}/submit.*"
    keys["returned"] = first(office, keys["list"], again)
    for_another = rf"/nominations/{KEY}/apply\?.*person=.*"
    keys["list_apply"] = first(office, keys["list"], for_another)
    return keys


def first(window: Window, page: str, pattern: str, words: str = "") -> str:
    """Return the first address on a page that is of a pattern, and whose link says some words."""
    window.page.goto(page)
    for each in window.page.locator("main a[href]").all():
        path = each.get_attribute("href") or ""
        said = each.get_attribute("aria-label") or each.inner_text()
        if re.fullmatch(pattern, path) and words in said:
            return path
    raise AssertionError(f"{page} has no link to {pattern}")


def _questions(author: Window) -> dict[str, str]:
    """Return the keys of a bank with a question, and of a test that draws from it."""
    page = author.page
    page.goto("/banks")
    page.locator("form.form").get_by_label("問題集の名前").fill("情報セキュリティ")
    page.get_by_role("button", name="問題集を作る").click()
    bank = page.url.removeprefix(author.origin)
    page.goto(f"{bank}/questions/new?kind=true_false")
    page.get_by_label("問題文").fill("USBメモリは自由に使える。")
    page.get_by_label("×（誤り）").check()
    page.get_by_role("button", name="この問題を加える").click()
    question = first(author, bank, rf"/banks/questions/{KEY}")
    page.goto("/tests/new")
    page.get_by_label("テストの名前").fill("確認テスト")
    page.get_by_role("button", name="下書きを作る").click()
    test = page.url.removeprefix(author.origin)
    page.goto(f"{test}/section")
    page.locator("select").select_option(label="問題集「情報セキュリティ」から出す")
    page.get_by_role("button", name="下書きに保存する").click()
    asked = first(author, test, rf"/tests/{KEY}/question\?section=.*")
    return {
        "bank": bank,
        "question": question,
        "test": test,
        "test_question": f"{asked}&kind=ordering",
    }


def _tested(office: Window, learner: Window) -> dict[str, str]:
    """Return the keys of a training with a test, a survey and a report, a test sat by a learner."""
    training = link(office, "/trainings", "/trainings", "個人情報の取扱い研修")
    run = link(office, training, "/runs", "第1回")
    keys = {
        "tested_training": training,
        "tested": run,
        "marking": first(office, f"{run}/marking", rf"/sittings/{KEY}/marking"),
        "analysis": first(office, run, rf"/materials/{KEY}/analysis\?run={KEY}"),
        "decided": first(office, f"{run}/completion", rf"/enrolments/{KEY}/completion"),
        "reported": first(office, f"{run}/results?state=submitted", rf"/results/{KEY}/review"),
        "survey_answer": _launched(learner, "受講後アンケート"),
        "reading": _launched(learner, "個人情報の決まり"),
        "exam": _launched(learner, "確認テスト"),
    }
    page = learner.page
    page.get_by_role("button", name="受験を始める").click()
    page.get_by_role("button", name="提出する").click()
    page.get_by_role("button", name="提出する").click()
    keys["sitting_done"] = page.url.removeprefix(learner.origin).removesuffix("/result")
    page.goto(keys["exam"])
    page.get_by_role("button", name="もう一度受験する").click()
    keys["sitting"] = page.url.removeprefix(learner.origin)
    return keys


def _launched(learner: Window, words: str) -> str:
    """Open what a learner is to take; return the path of its page."""
    learner.page.goto(link(learner, "/", "/assignments", words))
    learner.page.get_by_role("button", name="受講する").click()
    return learner.page.url.removeprefix(learner.origin)


def _name(window: Window, offering: str, number: str) -> str:
    """Add somebody to an audience and name them; return the path of the page of their answer."""
    for page, done in (("audience/list", "1人を加える"), ("naming/new", "1人を指名する")):
        window.page.goto(f"{offering}/{page}")
        window.page.get_by_label("職員番号").fill(number)
        window.page.get_by_role("button", name=re.compile("確認")).click()
        window.page.get_by_role("button", name=done).click()
    back = window.page.locator("form[action$='/withdraw']").first
    return (back.get_attribute("action") or "").removesuffix("/withdraw")


def _institute(window: Window, training: str) -> str:
    """Have another institute give a training; return the path of the page of its results."""
    window.page.goto(f"{training}/edit")
    window.page.locator("input[name=provider][value=institute]").check()
    window.page.get_by_role("button", name="変更する").click()
    expect(window.page.get_by_text("研修の内容を変更しました")).to_be_visible()
    return link(window, training, "/offerings", "") + "/institute"


def _link(window: Window) -> str:
    """Register a link; return the path of its page."""
    window.page.goto("/readings/links/new")
    window.page.get_by_label("教材名").fill("国の動画教材")
    window.page.get_by_label("アドレス").fill("https://example.jp/course")
    window.page.get_by_role("button", name="登録する").click()
    expect(window.page.get_by_text("リンクを登録しました")).to_be_visible()
    return window.page.url.removeprefix(window.origin)


def _video(window: Window) -> str:
    """Send a film, with captions that are odd and a question; return the path of its page."""
    page = window.page
    page.goto("/videos/new")
    page.locator("input[type=file]").set_input_files(films.film())
    page.get_by_label("教材名").fill("避難のしかた")
    page.get_by_role("button", name="登録する").click()
    page.wait_for_url(re.compile(rf"/videos/{KEY}(?:\?.*)?$"), timeout=IMPORT_MS)
    path = page.url.removeprefix(window.origin).partition("?")[0]
    page.goto(f"{path}/captions/ja")
    page.get_by_label("字幕（WebVTT）").fill(OVERLAPPING_CAPTIONS)
    page.get_by_role("button", name="字幕を保存する").click()
    expect(page.get_by_text("確かめてほしいところがあります")).to_be_visible()
    page.goto(f"{path}/questions/question")
    page.get_by_label("出す時刻").fill("0:03")
    page.get_by_label("問題文").fill("煙の中では、どう進みますか。")
    for number, choice in enumerate(("低い姿勢で進む", "走る"), 1):
        page.get_by_label(f"{number}番目の選択肢").fill(choice)
    page.get_by_label("1番目の正解").check()
    page.get_by_role("button", name="確認問題を保存する").click()
    expect(page.get_by_text("確認問題を保存しました")).to_be_visible()
    return path


def _survey(window: Window) -> str:
    """Make a survey of the built-in sheet; return its path."""
    window.page.goto("/sheets/new")
    window.page.get_by_label("アンケートの名前").fill("受講後アンケート")
    window.page.get_by_role("button", name="作る").click()
    window.page.wait_for_url(re.compile(rf"/sheets/{KEY}$"))
    return window.page.url.removeprefix(window.origin)


def _trace(window: Window, material: str) -> str:
    """Preview a material until its content has been delivered; return the path of the debug log."""
    window.page.goto(material)
    window.page.get_by_role("button", name="試しに見る").click()
    expect(window.page.locator("main[data-item]:not([data-item=''])")).to_be_visible()
    log = window.page.get_by_role("link", name="動作の記録").get_attribute("href") or ""
    return log.removeprefix(window.origin)


def link(window: Window, page: str, folder: str, words: str) -> str:
    """Return the path of the first link on a page that leads into a folder and says some words."""
    window.page.goto(page)
    for link in window.page.locator(f"main a[href^='{folder}/']").all():
        path = link.get_attribute("href") or ""
        if re.fullmatch(f"{folder}/{KEY}", path) and words in link.inner_text():
            return path
    raise AssertionError(f"{page} has no link to {folder}/… that says {words}")


def check_file(window: Window, page: str, text: str) -> str:
    """Upload a file of staff or sections up to the page of what would change; return its path."""
    window.page.goto(page)
    window.page.locator("input[type=file]").set_input_files(
        {"name": "file.csv", "mimeType": "text/csv", "buffer": text.encode("utf-8-sig")}
    )
    window.page.get_by_role("button", name="内容を確認する").click()
    window.page.wait_for_url(re.compile(f"/imports/{KEY}"))
    expect(window.page.get_by_text("まだ何も変わっていません")).to_be_visible(timeout=IMPORT_MS)
    return window.page.url.removeprefix(window.origin)


def _upload(window: Window, package: Path, leads_to: str, *, refused: bool = False) -> str:
    window.page.goto("/materials/upload")
    window.page.locator("input[type=file]").set_input_files(package)
    window.page.get_by_role("button", name="送る").click()
    # The worker may still be carrying what the demonstration has left for it.
    window.page.wait_for_url(re.compile(leads_to), timeout=IMPORT_MS)
    if refused:
        expect(window.page.get_by_text("教材は登録されていません")).to_be_visible(timeout=IMPORT_MS)
    return window.page.url.removeprefix(window.origin)


def faulty_package(folder: Path) -> Path:
    """Write a package that can be taken in and has findings: files are missing."""
    source = build.build("security_basics", folder / "source")
    target = folder / "個人情報の取扱い.zip"
    with ZipFile(source) as whole, ZipFile(target, "w") as faulty:
        for entry in whole.infolist():
            content = whole.read(entry)
            if entry.filename == "imsmanifest.xml":
                content = _spoil(content)
            faulty.writestr(entry, content)
    return target


def _spoil(manifest: bytes) -> bytes:
    text = manifest.decode("utf-8")
    spoilt = re.sub(r'(<resource [^>]*)href="[^"]*"', r'\1href="lesson/start.html"', text)
    spoilt = re.sub(r'<file href="shared/quiz.js"/>', '<file href="shared/quiz-old.js"/>', spoilt)
    assert spoilt != text
    return spoilt.replace("情報セキュリティの基本", "個人情報の取扱い").encode("utf-8")
