"""The page of a course whose units speak xAPI, on the content's origin."""
