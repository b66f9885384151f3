"""What an author's ZIP is on disk: refused or taken, kept, and served file by file."""
