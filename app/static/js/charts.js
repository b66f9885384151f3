/**
 * Charts drawn from their tables: what the picture shows can be read on the page, too.
 *
 * For each figure with data-chart, the id of a table (or of what holds it). The library is asked for only
 * where there is something to draw; where it does not come, the figure stays hidden and the table says all.
 *
 * @typedef {{names: string[], series: {label: string, values: (number | null)[]}[]}} Drawn
 * @typedef {{kind: string, most: number | null, unit: string}} Manner
 * @typedef {{text: string, line: string, font: string, colours: string[]}} Look
 * @typedef {new (canvas: HTMLCanvasElement, setup: object) => unknown} Library
 */

/** Shapes tell lines apart for who cannot tell colours. */
const POINTS = ["circle", "triangle", "rect", "rectRot"];
const DASHES = [[], [8, 4], [2, 3], [12, 4, 2, 4]];

/**
 * @param {Document} page
 */
export async function attachCharts(page) {
  const figures = Array.from(/** @type {NodeListOf<HTMLElement>} */ (page.querySelectorAll("figure[data-chart][hidden]")));
  for (const figure of figures) {
    const table = page.getElementById(figure.dataset.chart ?? "");
    const canvas = figure.querySelector("canvas");
    if (!table || !canvas) continue;
    const drawn = read(table, numbers(figure.dataset.chartColumns), Number(figure.dataset.chartNames));
    if (drawn.names.length === 0) continue;
    const Chart = await library(figure.dataset.chartSource ?? "");
    figure.hidden = false;
    new Chart(canvas, setup(drawn, manner(figure), look(getComputedStyle(page.documentElement))));
  }
}

/**
 * @param {string} source
 * @returns {Promise<Library>} what the script leaves behind, since it is no module
 */
async function library(source) {
  await import(source);
  return /** @type {{Chart: Library}} */ (/** @type {unknown} */ (globalThis)).Chart;
}

/**
 * @param {string | undefined} words
 * @returns {number[]}
 */
function numbers(words) {
  return (words ?? "").split(" ").filter(Boolean).map(Number);
}

/**
 * @param {HTMLElement} figure
 * @returns {Manner}
 */
function manner(figure) {
  const { chartKind, chartMost, chartUnit } = figure.dataset;
  return { kind: chartKind ?? "bar", most: chartMost ? Number(chartMost) : null, unit: chartUnit ?? "" };
}

/**
 * Read the columns of a table's body.
 *
 * @param {Element} table or what holds it
 * @param {number[]} columns
 * @param {number} names the column that the rows are named by
 * @returns {Drawn} rows without any number are left out
 */
export function read(table, columns, names) {
  const heads = Array.from(table.querySelectorAll("thead th"), text);
  const rows = Array.from(table.querySelectorAll("tbody tr"), (row) => Array.from(row.querySelectorAll("th, td")));
  const shown = rows.filter((row) => columns.some((column) => number(row[column]) !== null));
  return {
    names: shown.map((row) => text(row[names])),
    series: columns.map((column) => ({
      label: heads[column] ?? "",
      values: shown.map((row) => number(row[column])),
    })),
  };
}

/**
 * @param {Element | undefined} cell
 * @returns {string}
 */
function text(cell) {
  return (cell?.textContent ?? "").replace(/\s+/g, " ").trim();
}

/**
 * @param {Element | undefined} cell
 * @returns {number | null} the first number in it, with or without commas; null where there is none
 */
export function number(cell) {
  const said = cell?.getAttribute("data-value") ?? text(cell);
  const found = /-?\d[\d,]*(?:\.\d+)?/.exec(said.replace("−", "-"));
  return found ? Number(found[0].replaceAll(",", "")) : null;
}

/**
 * @param {CSSStyleDeclaration} style of the page
 * @returns {Look}
 */
function look(style) {
  /** @param {string} name */
  const of = (name) => style.getPropertyValue(name).trim();
  return {
    text: of("--text"),
    line: of("--hairline"),
    font: of("--font"),
    colours: [
      of("--color-primitive-blue-900"),
      of("--color-primitive-orange-700"),
      of("--color-primitive-green-700"),
      of("--color-primitive-magenta-800"),
    ],
  };
}

/**
 * Say to the library what to draw: nothing moves, and what stands upright is read from the left.
 *
 * @param {Drawn} drawn
 * @param {Manner} way
 * @param {Look} colours
 */
export function setup({ names, series }, { kind, most, unit }, { text: ink, line, font, colours }) {
  const ticks = { color: ink, font: { family: font } };
  return {
    type: kind,
    data: {
      labels: names,
      datasets: series.map(({ label, values }, place) => ({
        label,
        data: values,
        borderColor: colours[place % colours.length],
        backgroundColor: colours[place % colours.length],
        borderDash: kind === "line" ? DASHES[place % DASHES.length] : [],
        pointStyle: POINTS[place % POINTS.length],
        pointRadius: 5,
        maxBarThickness: 48,
      })),
    },
    options: {
      animation: false,
      maintainAspectRatio: false,
      locale: "ja-JP",
      scales: {
        x: { ticks, grid: { color: line } },
        y: {
          beginAtZero: true,
          ...(most === null ? {} : { max: most }),
          ticks: { ...ticks, callback: (/** @type {number} */ value) => `${value}${unit}` },
          grid: { color: line },
        },
      },
      plugins: { legend: { display: series.length > 1, labels: { color: ink, font: { family: font } } } },
    },
  };
}
