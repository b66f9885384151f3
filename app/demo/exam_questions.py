"""The questions of the demonstration's test."""

from __future__ import annotations

from content_packages.questions.item import Kind, Option, Question, names_for


def _options(*texts: str, right: tuple[int, ...]) -> tuple[Option, ...]:
    return tuple(
        Option(name, text, is_right=place in right)
        for place, (name, text) in enumerate(zip(names_for(texts), texts, strict=True))
    )


#: Questions that a machine marks; each sitting draws some of them.
QUESTIONS = (
    Question(
        "1",
        Kind.SINGLE,
        "窓口で預かった申請書を、席を離れるときはどうしますか。",
        feedback="短い時間でも、机の上に置いたままにしません。",
        options=_options(
            "鍵のかかる場所にしまう", "裏返して机に置く", "隣の人に一声かけて置いておく", right=(0,)
        ),
    ),
    Question(
        "2",
        Kind.TRUE_FALSE,
        "本人の家族から電話で尋ねられたときは、確認をせずに答えてよい。",
        feedback="家族であっても、本人の同意や委任を確かめます。",
        answer=False,
    ),
    Question(
        "3",
        Kind.MULTIPLE,
        "個人情報に当たるものを、すべて選んでください。",
        feedback="ほかの情報と合わせて個人が分かるものも、個人情報です。",
        options=_options(
            "氏名と住所の一覧",
            "顔の写った防犯カメラの画像",
            "区の人口の総数",
            "職員番号と研修の成績",
            right=(0, 1, 3),
        ),
    ),
    Question(
        "4",
        Kind.SINGLE,
        "名簿をメールで別の人に送ってしまいました。最初にすることは何ですか。",
        feedback="自分だけで直そうとせず、すぐに知らせます。",
        options=_options(
            "上司に知らせる", "送信済みのメールを消す", "相手から連絡が来るのを待つ", right=(0,)
        ),
    ),
    Question(
        "5",
        Kind.TRUE_FALSE,
        "仕事で使う個人情報は、使う目的を決めて、その範囲で使う。",
        feedback="目的の外で使うには、法令などの根拠が要ります。",
        answer=True,
    ),
    Question(
        "6",
        Kind.SINGLE,
        "要らなくなった名簿の捨て方として、正しいものはどれですか。",
        feedback="読めない形にしてから捨てます。",
        options=_options("細断してから捨てる", "資源ごみの箱に入れる", "丸めて捨てる", right=(0,)),
    ),
    Question(
        "7",
        Kind.TRUE_FALSE,
        "USBメモリで持ち出すときは、許可を受け、暗号化したものを使う。",
        feedback="持ち出しの記録も残します。",
        answer=True,
    ),
)

#: What a hand marks.
ESSAY = Question(
    "8",
    Kind.ESSAY,
    "名簿を誤って送ったときに、あなたの係で最初の30分にすることを書いてください。",
    points=3.0,
    feedback="知らせる相手と順番、相手への依頼、記録の3つが要点です。",
    most=600,
    model="上司と情報セキュリティの担当に知らせる。相手に連絡し、開かずに消すよう頼む。時刻と内容を記録する。",
)
