"""The office's words for notices, and the mails that have not arrived."""
