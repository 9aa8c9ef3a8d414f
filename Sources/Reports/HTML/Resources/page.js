// The script of a page. It reads what the tables say, and makes no HTML of it.
"use strict";
(() => {
  const step = 200, few = 8;
  const units = ["KiB", "MiB", "GiB", "TiB", "PiB", "EiB"];
  const grouped = number => number.toLocaleString("en-US").replace("-", "\u2212");
  const bytes = number => {
    const size = Math.abs(number), sign = number < 0 ? "\u2212" : "";
    if (size < 1024) return `${sign}${Math.trunc(size)} B`;
    let value = size / 1024, unit = 0;
    while (value >= 1024 && unit < units.length - 1) { value /= 1024; unit += 1; }
    const digits = value >= 100 ? 0 : value >= 10 ? 1 : 2, scale = 10 ** digits;
    return `${sign}${(Math.round(value * scale) / scale).toFixed(digits)} ${units[unit]}`;
  };
  const make = (name, properties, parent) => parent.appendChild(Object.assign(document.createElement(name), properties));

  class ReportTable {
    constructor(box) {
      this.box = box;
      this.body = box.querySelector("tbody");
      this.heads = [...box.querySelectorAll("thead th")];
      this.sums = [...box.querySelectorAll("tfoot [data-sum]")];
      this.rows = [...this.body.rows].map((row, place) => ({ row, place, values: [] }));
      this.order = this.rows;
      this.limit = step;
      this.selects = new Map();
      this.columns = new Map(this.heads.map((head, column) => [head.textContent, column]));
      this.makeTools(box.querySelector(".tools"));
      this.heads.forEach((head, column) => this.makeSortable(head, column));
      this.more = make("button", { type: "button", className: "more" }, box);
      this.more.addEventListener("click", () => { this.limit += step * 5; this.show(); });
      this.show();
      box.classList.add("ready");
    }

    makeTools(tools) {
      const label = this.box.querySelector("caption").textContent;
      this.search = make("input", { type: "search", placeholder: "Filter by text" }, tools);
      this.search.setAttribute("aria-label", `Filter by text: ${label}`);
      this.search.addEventListener("input", () => this.narrow());
      this.heads.forEach((head, column) => {
        if (head.dataset.filter === undefined) return;
        const select = make("select", {}, tools), name = head.textContent;
        select.setAttribute("aria-label", `${name}: ${label}`);
        make("option", { value: "", textContent: `${name}: all` }, select);
        const values = new Set(this.rows.map(entry => this.value(entry, column)));
        const compare = this.comparison(column);
        for (const value of [...values].sort(compare)) {
          if (value !== "") make("option", { value, textContent: value }, select);
        }
        select.addEventListener("change", () => this.narrow());
        this.selects.set(column, select);
      });
      this.count = make("output", {}, tools);
      tools.hidden = this.rows.length < few;
    }

    makeSortable(head, column) {
      const button = make("button", { type: "button", textContent: head.textContent }, head);
      head.replaceChildren(button);
      button.addEventListener("click", () => {
        const isDown = head.getAttribute("aria-sort") === "ascending";
        this.heads.forEach(other => other.removeAttribute("aria-sort"));
        head.setAttribute("aria-sort", isDown ? "descending" : "ascending");
        this.sort(column, isDown ? -1 : 1);
      });
    }

    value(entry, column) {
      if (entry.values[column] === undefined) {
        const cell = entry.row.cells[column];
        entry.values[column] = cell.dataset.v ?? cell.textContent;
      }
      return entry.values[column];
    }

    comparison(column) {
      const { kind, order } = this.heads[column].dataset;
      if (order) {
        const places = new Map(order.split(" ").map((word, place) => [word, place]));
        return (a, b) => (places.get(a) ?? places.size) - (places.get(b) ?? places.size);
      }
      if (kind === "number" || kind === "bytes") return (a, b) => Number(a) - Number(b);
      return new Intl.Collator("en", { numeric: kind === "text" }).compare;
    }

    sort(column, direction) {
      const compare = this.comparison(column);
      this.order = [...this.rows].sort((left, right) => {
        const a = this.value(left, column), b = this.value(right, column);
        if (a === "" || b === "") return (a === "") - (b === "") || left.place - right.place;
        return direction * compare(a, b) || left.place - right.place;
      });
      this.show();
    }

    narrow() {
      this.limit = step;
      this.show();
    }

    matches(entry, words) {
      for (const [column, select] of this.selects) {
        if (select.value !== "" && this.value(entry, column) !== select.value) return false;
      }
      if (words.length === 0) return true;
      entry.text ??= entry.row.textContent.toLowerCase();
      return words.every(word => entry.text.includes(word));
    }

    show() {
      const words = this.search.value.toLowerCase().split(/\s+/).filter(word => word !== "");
      const matching = this.order.filter(entry => this.matches(entry, words));
      this.body.replaceChildren(...matching.slice(0, this.limit).map(entry => entry.row));
      const all = matching.length === this.rows.length ? "" : ` of ${grouped(this.rows.length)}`;
      this.count.textContent = `${grouped(matching.length)}${all} ${this.rows.length === 1 ? "row" : "rows"}`;
      this.more.hidden = matching.length <= this.limit;
      this.more.textContent = `Show more of ${grouped(matching.length - this.limit)}`;
      for (const cell of this.sums) {
        const column = cell.cellIndex;
        const sum = matching.reduce((sum, entry) => sum + Number(this.value(entry, column)), 0);
        cell.dataset.sum = sum;
        cell.textContent = this.heads[column].dataset.kind === "bytes" ? bytes(sum) : grouped(sum);
      }
    }

    choose(name, value) {
      const select = this.selects.get(this.columns.get(name));
      if (!select) return;
      this.search.value = "";
      for (const other of this.selects.values()) other.value = "";
      select.value = [...select.options].some(option => option.value === value) ? value : "";
      this.narrow();
    }
  }

  const tables = new Map();
  for (const box of document.querySelectorAll("[data-table]")) tables.set(box.dataset.table, new ReportTable(box));
  for (const link of document.querySelectorAll("[data-filter-of]")) {
    link.addEventListener("click", () => {
      tables.get(link.dataset.filterOf)?.choose(link.dataset.column, link.dataset.value);
    });
  }
  addEventListener("beforeprint", () => {
    for (const table of tables.values()) { table.limit = Infinity; table.show(); }
  });
})();
