"""The sections as a dated tree: 部, 課, 係."""
