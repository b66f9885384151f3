"""The suite: vectors and properties, services and pages, the four ways, and the browser."""
