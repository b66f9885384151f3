"""Error codes and their texts."""

import pytest

from scorm.edition import Edition
from scorm.errors import Error12, Error2004, Refusal, code_of, text_of


@pytest.mark.parametrize("edition", Edition)
def test_every_code_has_a_text_that_fits_the_interface(edition: Edition) -> None:
    codes = list(Error2004 if edition.is_2004 else Error12)
    assert all(0 < len(text_of(edition, code)) < 255 for code in codes)


def test_a_number_that_is_no_code_has_no_text() -> None:
    assert text_of(Edition.SCORM_2004_4, 999) == ""
    assert text_of(Edition.SCORM_12, Error2004.DEPENDENCY) == ""


def test_every_refusal_has_a_code_in_2004() -> None:
    assert all(code_of(Edition.SCORM_2004_4, refusal) > 0 for refusal in Refusal)


def test_scorm_1_2_knows_neither_ranges_nor_values_that_are_not_set() -> None:
    assert code_of(Edition.SCORM_12, Refusal.RANGE) == Error12.TYPE
    assert code_of(Edition.SCORM_12, Refusal.NOT_SET) == Error12.NONE
