/** The office's scripts: each attaches to what carries its data- attribute; pages work without them. */
import { attachCharts } from "./charts.js";
import { attachDialogs } from "./dialog.js";
import { focusErrorSummary } from "./error_summary.js";
import { goOn } from "./go_on.js";
import { attachResumables } from "./resumable.js";
import { attachSelections } from "./select_all.js";
import { attachSurveys } from "./survey.js";
import { REPLACED, attachUploads } from "./upload.js";
import { attachTables } from "./wide_table.js";

/** Attach to what stands on the page now. */
function attach() {
  focusErrorSummary(document);
  attachSelections(document);
  attachUploads(document);
  attachResumables(document);
  void attachCharts(document);
  attachTables(document);
}

attachDialogs(document);
attach();
attachSurveys(document);
goOn(document);
document.addEventListener(REPLACED, () => {
  attach();
  // htmx looks at a page once, when it is loaded.
  /** @type {{htmx?: {process: (part: Element) => void}}} */ (window).htmx?.process(document.body);
});
