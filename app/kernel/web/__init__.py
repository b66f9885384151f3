"""The web's edge: declared routes, problem pages, headers, filters and pages of lists."""
