"""Captions of films (WebVTT, SubRip) and their chapters: read, checked and written."""

from content_packages.captions.chapters import Chapters, read_chapters, write_chapters
from content_packages.captions.checks import check, in_order
from content_packages.captions.cues import Cue, Problem
from content_packages.captions.reading import Captions, read
from content_packages.captions.writing import plain, to_srt, to_webvtt

__all__ = [
    "Captions",
    "Chapters",
    "Cue",
    "Problem",
    "check",
    "in_order",
    "plain",
    "read",
    "read_chapters",
    "to_srt",
    "to_webvtt",
    "write_chapters",
]
