// Tables whose rows stay the same elements from one answer to the next, so that focus, selection and screen readers keep their place.
// Text goes in as text, never as markup.

import { visible } from "./format.js";

const order = (one, other) => typeof one === "string" ? one.localeCompare(other, "en", { numeric: true }) : one - other;

export class Table {
  #rows = new Map();
  #sort = null;
  #last = [];

  /**
   * Columns have a name, text(row), and where they can be sorted by value(row); kind says how they look, and draw(cell, row) replaces
   * the text.
   */
  constructor(place, label, columns, key, empty) {
    this.columns = columns;
    this.key = key;
    const table = place.appendChild(document.createElement("table"));
    table.setAttribute("aria-label", label);
    // As a list of cards on narrow screens a table would lose what it is.
    table.setAttribute("role", "table");
    const head = table.createTHead();
    head.setAttribute("role", "rowgroup");
    const row = head.insertRow();
    row.setAttribute("role", "row");
    this.headers = columns.map(column => this.#header(row, column));
    this.body = table.createTBody();
    this.body.setAttribute("role", "rowgroup");
    this.note = place.appendChild(document.createElement("p"));
    this.note.className = "quiet note";
    this.empty = empty;
  }

  show(rows, note = "") {
    this.#last = rows;
    this.#lastNote = note;
    const sorted = this.#sorted(rows);
    const seen = new Set();
    sorted.forEach((row, i) => {
      const key = String(this.key(row));
      seen.add(key);
      if (!this.#rows.has(key)) this.#rows.set(key, this.#create());
      const element = this.#rows.get(key);
      this.columns.forEach((column, j) => this.#fill(element.cells[j], column, row));
      if (this.body.rows[i] !== element) this.body.insertBefore(element, this.body.rows[i] ?? null);
    });
    for (const [key, element] of this.#rows) {
      if (seen.has(key)) continue;
      element.remove();
      this.#rows.delete(key);
    }
    this.body.parentElement.hidden = rows.length === 0;
    this.note.textContent = rows.length === 0 ? this.empty : note;
    this.note.hidden = this.note.textContent === "";
  }

  #lastNote = "";

  #sorted(rows) {
    if (this.#sort === null) return rows;
    const { column, sign } = this.#sort;
    const known = row => column.value(row) ?? (typeof column.value(rows.find(one => column.value(one) != null) ?? row) === "string" ? "" : -Infinity);
    return rows.toSorted((one, other) => sign * order(known(one), known(other)));
  }

  #header(row, column) {
    const header = row.appendChild(document.createElement("th"));
    header.scope = "col";
    header.setAttribute("role", "columnheader");
    header.className = column.kind ?? "";
    if (!column.value) {
      header.textContent = column.name;
      return header;
    }
    const button = header.appendChild(document.createElement("button"));
    button.type = "button";
    button.textContent = column.name;
    button.addEventListener("click", () => this.#sortBy(column));
    return header;
  }

  // First numbers from the most down, texts from a up; then the other way round; then as they came.
  #sortBy(column) {
    const first = column.kind === "number" ? -1 : 1;
    if (this.#sort?.column !== column) this.#sort = { column, sign: first };
    else this.#sort = this.#sort.sign === first ? { column, sign: -first } : null;
    this.headers.forEach((header, i) => {
      if (this.columns[i] !== this.#sort?.column) header.removeAttribute("aria-sort");
      else header.setAttribute("aria-sort", this.#sort.sign > 0 ? "ascending" : "descending");
    });
    this.show(this.#last, this.#lastNote);
  }

  #create() {
    const element = document.createElement("tr");
    element.setAttribute("role", "row");
    for (const column of this.columns) {
      const cell = element.insertCell();
      cell.setAttribute("role", "cell");
      cell.dataset.name = column.name;
      cell.className = column.kind ?? "";
    }
    return element;
  }

  #fill(cell, column, row) {
    if (column.draw) {
      column.draw(cell, row);
      return;
    }
    const text = visible(column.text(row) ?? "");
    if (cell.textContent !== text) cell.textContent = text;
    if (column.tone) cell.dataset.tone = column.tone(row) ?? "";
  }
}
