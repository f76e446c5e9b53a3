// Small line plots. The numbers stand in text beside them, and in their labels.

import { span } from "./history.js";

const namespace = "http://www.w3.org/2000/svg";
const [width, height, margin] = [240, 56, 2];

function child(parent, name, attributes) {
  const element = document.createElementNS(namespace, name);
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
  return parent.appendChild(element);
}

export class Plot {
  #lines;
  #area;

  /** One or two series; the second is drawn dashed, so that colour is not all that tells them apart. */
  constructor(parent, names, label) {
    this.names = names;
    this.label = label;
    this.svg = child(parent, "svg", { viewBox: `0 0 ${width} ${height}`, preserveAspectRatio: "none", role: "img", class: "plot" });
    for (const share of [0.25, 0.5, 0.75]) child(this.svg, "path", { class: "grid", d: `M${width * share} 0V${height}` });
    this.#area = child(this.svg, "path", { class: "area" });
    this.#lines = names.map((_, i) => child(this.svg, "path", { class: `line line-${i}` }));
  }

  draw(history, words) {
    const all = this.names.map(name => history.pieces(name));
    const most = Math.max(...this.names.map(name => history.most(name)), Number.MIN_VALUE);
    const finite = Number.isFinite(most) ? most : 10;
    const x = point => (width * (1 - point.before / span)).toFixed(1);
    const y = point => (height - margin - (height - 2 * margin) * Math.min(point.value, finite) / finite).toFixed(1);
    const path = piece => piece.length === 1
      ? `M${x(piece[0])} ${y(piece[0])}h1`
      : piece.map((point, i) => `${i === 0 ? "M" : "L"}${x(point)} ${y(point)}`).join("");
    all.forEach((pieces, i) => this.#lines[i].setAttribute("d", pieces.map(path).join("")));
    this.#area.setAttribute("d", all[0].filter(piece => piece.length > 1)
      .map(piece => `M${x(piece[0])} ${height}${path(piece).replace(/^M/, "L")}L${x(piece.at(-1))} ${height}Z`).join(""));
    this.svg.setAttribute("aria-label", `${this.label}: ${words}`);
  }
}
