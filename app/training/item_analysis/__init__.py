"""テストの分析: how hard the questions of a test were, over its runs, and whom they told apart."""
