"""Courses that speak xAPI: cmi5 (Quartz, June 2016), and packages of Tin Can."""
