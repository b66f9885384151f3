"""Films through ffmpeg: what a file is, what is to be made of it, the commands, and their run.

Nothing here knows a database. A film comes from anybody: every command reads local files alone, by
formats that name no other file, and is ended with all it has started when its caller ends.
"""
