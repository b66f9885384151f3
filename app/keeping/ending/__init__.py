"""契約終了: everything erased, counted afterwards, and certified."""
