"""What documents and links say when they refuse."""

from __future__ import annotations

from app.kernel.language import Lazy, lazy

SENTENCES: dict[str, tuple[Lazy, Lazy]] = {
    "not_a_pdf": (
        lazy("PDFファイルではありません"),
        lazy("文書を作ったソフトでPDFとして保存し、そのファイルを選んでください。"),
    ),
    "pdf_cut_short": (
        lazy("PDFファイルが途中で切れています"),
        lazy("元のファイルが最後まで開けることを確かめて、もう一度送ってください。"),
    ),
}
