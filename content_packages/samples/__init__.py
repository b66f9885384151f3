"""Two demonstration packages, kept as sources and built into ZIPs by `build`."""
