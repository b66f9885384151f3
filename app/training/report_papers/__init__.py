"""報告の紙: result reports as PDFs on A4."""
