"""Files as other programs write them: read, written, and read again to the same questions."""

from pathlib import Path

import pytest

from content_packages.questions import gift
from content_packages.questions.item import Blank, Kind, Number, check, choices
from content_packages.questions.qti import packages, packing
from content_packages.questions.qti.making import Edition

SAMPLES = Path(__file__).parent / "samples"


def gift_of(name):
    return gift.read((SAMPLES / name).read_bytes())


def item_of(name):
    found = packages.read(SAMPLES / name)
    (question,) = found.questions
    return question, [each.code for each in found.findings]


def told(found):
    return [(each.code, each.data["line"]) for each in found.findings]


def test_what_moodle_exports_is_read():
    found = gift_of("moodle_export.gift")
    assert [question.kind for question in found.questions] == [
        Kind.SINGLE, Kind.MULTIPLE, Kind.TRUE_FALSE, Kind.FILL_IN, Kind.FILL_IN, Kind.MATCHING,
        Kind.ESSAY,
    ]  # fmt: skip
    assert set(found.categories) == {"$course$/top/庁内研修/情報の扱い"}
    single, multiple, truth, number, word, matching, essay = found.questions
    assert (single.id, single.title) == ("kojin-01", "窓口で本人を確かめる")
    assert single.text == "窓口に来た人の本人確認で、一点だけで足りるものはどれですか。"
    assert [(each.text, each.is_right) for each in single.options] == [
        ("運転免許証", True), ("病院の診察券", False), ("社員食堂の利用券", False),
    ]  # fmt: skip
    assert single.options[0].feedback == "顔写真のある公の証明書です。"
    assert single.feedback == "写真のない証明書は、二点を合わせて確かめます。"
    assert multiple.text == "許可なく庁外へ持ち出して\nよいものを、すべて選んでください。"
    assert multiple.is_partial
    assert (truth.answer, truth.feedback) == (False, "課の中でも、教えてはいけません。")
    assert (number.text, number.blanks[0].number) == (
        "起案文書の保存年限は何年ですか。[[1]]", Number(5, 0)
    )  # fmt: skip
    assert word.blanks == (Blank(("条例", "じょうれい")),)
    assert word.text.endswith("（例: ○○法、○○令）\n[[1]]")
    assert [pair.right for pair in matching.pairs] == ["戸籍住民課", "保育課", "戸籍住民課"]
    assert [option.text for option in choices(matching)] == ["戸籍住民課", "保育課", "道路課"]
    assert essay.text.startswith("今日の研修で")
    assert told(found) == [
        ("markup_left_out", 7), ("feedback_moved", 25), ("feedback_moved", 30),
        ("answers_left_out", 36), ("answers_missing", 57),
    ]  # fmt: skip


def test_what_people_write_by_hand_is_read_but_for_the_mistake():
    found = gift_of("by_hand.gift")
    digits, seal, people, times, truth, shares, sums = found.questions
    assert digits.blanks[0].accepted == ("12桁", "１２桁", "12")
    assert (seal.kind, seal.text) == (Kind.SINGLE, "Whose seal is on the _____ letter?")
    assert people.blanks[0].number == Number(35, 5)
    assert times.text == "消火器の点検は年に何回か。 [[1]]"
    assert truth.answer is True
    assert [option.is_right for option in shares.options] == [True, True, False]
    assert sums.text == "2{x} = 4 のとき x : 答え #1 は？ [[1]]"
    assert found.categories == ("", "", "", "", "", "", "数式")
    assert told(found) == [("braces_unbalanced", 10), ("weights_changed", 14)]


@pytest.mark.parametrize("name", ["moodle_export.gift", "by_hand.gift", "gift_wrapper.gift"])
def test_a_gift_of_another_program_comes_back_the_same(name):
    questions = gift_of(name).questions
    assert [check(question) for question in questions] == [[]] * len(questions)
    assert gift.read(gift.write(questions)).questions == questions


def test_a_choice_of_tao_is_read():
    question, codes = item_of("qti21_choice.xml")
    assert (question.id, question.title) == ("i65f0a1", "持ち出し")
    assert question.kind is Kind.MULTIPLE
    assert question.text == (
        "次の品物のうち、許可なく持ち出してよいものを\nすべて選んでください。\n[かばんの絵]\n当てはまるもの"
    )
    assert [(each.text, each.is_right, each.feedback) for each in question.options] == [
        ("広報紙", True, ""), ("住民の名簿", False, ""),
        ("防災の地図", True, "だれでも持ち帰れます。"),
    ]  # fmt: skip
    assert (question.points, question.is_partial, question.is_shuffled) == (2, True, True)
    assert codes == ["markup_left_out"]


def test_a_text_with_blanks_and_a_menu_is_read():
    question, codes = item_of("qti21_texts.xml")
    assert question.text == (
        "転入届は [[1]] に、引っ越しから [[2]] 日以内に出します。\n"
        "届けるのは [[3]] (家主 / 本人) です。"
    )
    assert question.blanks == (
        Blank(("区役所", "本庁舎")), Blank(number=Number(14, 7)), Blank(("本人",)),
    )  # fmt: skip
    assert question.is_partial
    assert codes == ["answers_left_out", "choices_written_out"]


def test_items_of_qti_3_are_read():
    order, order_codes = item_of("qti30_order.xml")
    assert [each.text for each in order.options] == ["起案する", "決裁を受ける", "施行する"]
    assert order.text == "文書の流れを、早い順に並べてください。"
    assert order.feedback == "起案が初めで、施行が終わりです。"
    assert order_codes == ["feedback_moved"]
    match, match_codes = item_of("qti30_match.xml")
    assert [(pair.left, pair.right) for pair in match.pairs] == [
        ("火事", "119番"), ("どろぼう", "110番"),
    ]  # fmt: skip
    assert (match.title, match.points, match.is_partial) == ("", 3, True)
    assert [each.text for each in match.distractors] == ["117番"]
    assert match_codes == []
    essay, essay_codes = item_of("qti30_essay.xml")
    assert essay.text == "自分の言葉で書いてください。\n職場でどう生かしますか。"
    assert (essay.model, essay.most, essay.points) == ("具体の場面があること。", 400, 5)
    assert essay_codes == []


@pytest.mark.parametrize("edition", Edition)
def test_items_of_other_programs_come_back_the_same_from_either_edition(edition):
    questions = [item_of(path.name)[0] for path in sorted(SAMPLES.glob("qti*.xml"))]
    assert len(questions) == 5
    assert [check(question) for question in questions] == [[]] * 5
    found = packages.read(packing.write(questions, edition))
    assert list(found.questions) == questions
    assert found.findings == ()


def test_what_gift_wrapper_writes_is_read():
    """The file was written by that program, of questions that are ours."""
    found = gift_of("gift_wrapper.gift")
    fire, extinguisher, call, room = found.questions
    assert (fire.kind, fire.feedback) == (Kind.SINGLE, "知らせてから、消火と避難を分担します。")
    assert [option.is_right for option in fire.options] == [True, False, False, False]
    assert extinguisher.title == "消火器"
    assert (call.blanks[0].number, room.blanks[0].number) == (Number(119, 0), Number(22, 2))
    assert {code for code, _ in told(found)} == {"weights_changed"}


@pytest.mark.parametrize("edition", [21, 30])
@pytest.mark.parametrize("kind", [Kind.ORDERING, Kind.MATCHING, Kind.MULTIPLE, Kind.FILL_IN])
def test_what_a_converter_of_qti_writes_is_read_and_comes_back_the_same(edition, kind):
    """The files were written by citolab's converter, each from the other edition of QTI."""
    question, findings = item_of(f"converted{edition}_{kind}.xml")
    assert (question.kind, findings, check(question)) == (kind, [], [])
    rights = {
        Kind.ORDERING: [option.text for option in question.options],
        Kind.MATCHING: [pair.right for pair in question.pairs],
        Kind.MULTIPLE: [option.text for option in question.options if option.is_right],
        Kind.FILL_IN: [text for blank in question.blanks for text in blank.accepted],
    }
    assert rights[kind] == {
        Kind.ORDERING: ["起案", "決裁", "施行"],
        Kind.MATCHING: ["永久", "1年"],
        Kind.MULTIPLE: ["鍵のかかる棚にしまう", "持ち出しを記録する"],
        Kind.FILL_IN: ["保存期間", "保存年限"],
    }[kind]  # fmt: skip
    for written in Edition:
        (again,) = packages.read(packing.write([question], written)).questions
        assert again == question
