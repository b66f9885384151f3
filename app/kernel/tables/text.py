"""Sentences about an uploaded table: why it cannot be read, and what is wrong in it."""

from __future__ import annotations

from app.kernel.language import Lazy, lazy

#: What is wrong with a cell or a row, and how to mend it.
FINDINGS: dict[str, tuple[Lazy, Lazy]] = {
    "missing": (lazy("値がありません"), lazy("値を入力してください。")),
    "too_long": (lazy("長すぎます"), lazy("列がずれていないか確かめてください。")),
    "formula": (
        lazy("数式のように = + - @ で始まっています"),
        lazy("値だけを貼り付けてください。"),
    ),
    "private_use": (
        lazy("外字など、ほかの端末で表示できない文字があります"),
        lazy("標準の文字に置き換えてください。"),
    ),
    "control": (
        lazy("改行など、目に見えない文字が入っています"),
        lazy("その文字を取り除いてください。"),
    ),
    "too_many_cells": (
        lazy("列の数が見出しより多くあります"),
        lazy("値の中の「,」で列が分かれていないか確かめてください。"),
    ),
    "merged": (
        lazy("結合されたセルです"),
        lazy("セルの結合を解除し、1人（1件）を1行にしてください。"),
    ),
    "date_unusable": (
        lazy("日付として読み取れません"),
        lazy("2026/4/1 または 令和8年4月1日 の形にするか、空欄にしてください。"),
    ),
    "email_unusable": (
        lazy("メールアドレスの形ではありません"),
        lazy("正しいアドレスにするか、空欄にしてください。"),
    ),
    "code_unusable": (
        lazy("英数字以外の文字があります"),
        lazy("英数字とハイフンだけにしてください。"),
    ),
    "twice": (lazy("ファイルの中に同じ値がほかにもあります"), lazy("1行だけにしてください。")),
}

SENTENCES: dict[str, tuple[Lazy, Lazy]] = {
    "file_too_large": (
        lazy("ファイルが大きすぎます"),
        lazy("%(most)d MBまでのファイルを選んでください。"),
    ),
    "file_is_compound": (
        lazy("パスワード付きか、古い形式（xls）のブックです"),
        lazy("パスワードを外し、「Excel ブック（xlsx）」の形式で保存して選んでください。"),
    ),
    "workbook_broken": (
        lazy("Excelのブックとして読み取れないファイルです"),
        lazy("Excelで開いて「Excel ブック（xlsx）」の形式で保存し直し、選んでください。"),
    ),
    "file_not_text": (
        lazy("CSVとして読み取れないファイルです"),
        lazy("表計算ソフトで「CSV UTF-8」か「Excel ブック」の形式で保存し、選んでください。"),
    ),
    "file_empty": (
        lazy("ファイルに取り込む行がありません"),
        lazy("見出しの行と、1行以上の値が入ったファイルを選んでください。"),
    ),
    "file_broken": (
        lazy('%(row)d行目で、引用符「"」の対応がくずれているか、値が長すぎます'),
        lazy("その行を直してください。"),
    ),
    "file_columns": (
        lazy("必要な列がありません"),
        lazy("ない列：%(missing)s。ファイルにある列：%(found)s。1行目の見出しを直してください。"),
    ),
    "file_columns_twice": (
        lazy("同じ列が2つ以上あります"),
        lazy("重なっている列：%(columns)s。1つだけにしてください。"),
    ),
    "file_too_many_rows": (lazy("行が多すぎます"), lazy("%(most)d行までに分けてください。")),
}
