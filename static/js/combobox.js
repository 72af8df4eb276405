// Turns a select with groups into a field that typing narrows down: the editable combobox with
// list autocomplete of the WAI-ARIA Authoring Practices. The select stays in the form, unseen, and
// keeps the value that is sent; a script that sets it tells so by a `change` event on it.
// Options are found by their text and by the short names in `data-search`.

const UMLAUTS = { ä: "ae", ö: "oe", ü: "ue", ß: "ss" };

const plain = (text) =>
  text.toLowerCase().replace(/ł/g, "l").replace(/ß/g, "ss").normalize("NFD").replace(/\p{M}/gu, "");
const spelled = (text) =>
  plain(text.toLowerCase().normalize("NFC").replace(/[äöüß]/g, (letter) => UMLAUTS[letter]));

// "Thüringen" is found by thuringen, thueringen and thüringen.
const matches = (haystack, query) =>
  query.split(/\s+/).every((word) => spelled(haystack).includes(spelled(word)) || plain(haystack).includes(plain(word)));

export function enhance(select) {
  new Combobox(select);
}

class Combobox {
  constructor(select) {
    this.select = select;
    this.active = -1;
    this.shown = [];
    this.build();
    this.listen();
    this.showChosen();
  }

  build() {
    const { select } = this;
    const id = select.id;
    this.input = element("input", {
      id, type: "text", role: "combobox", autocomplete: "off", spellcheck: "false",
      class: select.className.replaceAll("__select", "__input"),
      "aria-autocomplete": "list", "aria-expanded": "false", "aria-controls": `${id}-list`,
    });
    for (const name of ["aria-describedby", "aria-required", "aria-invalid"]) {
      if (select.hasAttribute(name)) this.input.setAttribute(name, select.getAttribute(name));
    }
    this.list = element("div", {
      id: `${id}-list`, role: "listbox", class: "combobox__list", "aria-label": select.dataset.matches, hidden: "",
    });
    this.none = element("div", { class: "combobox__list combobox__none", hidden: "" }, select.dataset.noMatch);
    this.status = element("div", { role: "status", class: "kern-sr-only" });
    const arrow = element("span", { class: "combobox__arrow kern-icon kern-icon--arrow-down", "aria-hidden": "true" });
    this.box = element("div", { class: "combobox" });
    this.box.append(this.input, arrow, this.list, this.none, this.status);
    this.options = [...select.options]
      .filter((option) => option.value)
      .map((option, index) => this.entry(option, index));
    // The label and links to the field now lead to the input.
    select.id = `${id}-select`;
    select.parentElement.hidden = true;
    select.parentElement.before(this.box);
  }

  entry(option, index) {
    const node = element("div", {
      id: `${this.input.id}-option-${index}`, role: "option", class: "combobox__option", "aria-selected": "false",
    }, option.text);
    const group = option.parentElement.label || "";
    return { option, node, group, text: `${option.text} ${option.dataset.search || ""}` };
  }

  listen() {
    const { input, list } = this;
    input.addEventListener("click", () => this.open());
    input.addEventListener("focus", () => input.select());
    input.addEventListener("input", () => this.narrow());
    input.addEventListener("keydown", (event) => this.key(event));
    input.addEventListener("blur", () => this.leave());
    // The field keeps the focus while an option is pressed, by mouse or finger.
    list.addEventListener("mousedown", (event) => event.preventDefault());
    list.addEventListener("click", (event) => {
      const found = this.shown.find(({ node }) => node === event.target);
      if (found) this.choose(found);
    });
    this.select.addEventListener("change", () => this.showChosen());
    addEventListener("pageshow", () => this.showChosen());
  }

  key(event) {
    const last = this.shown.length - 1;
    const steps = {
      ArrowDown: () => (this.isOpen ? this.mark(this.active < last ? this.active + 1 : 0) : this.open()),
      ArrowUp: () => (this.isOpen ? this.mark(this.active > 0 ? this.active - 1 : last) : this.open()),
      Home: () => this.mark(0),
      End: () => this.mark(last),
      Enter: () => this.choose(this.shown[this.active]),
      Escape: () => this.close(),
    };
    const opens = event.key === "ArrowDown" || event.key === "ArrowUp";
    if (!(event.key in steps) || !(this.isOpen || opens)) return;
    event.preventDefault();
    steps[event.key]();
  }

  get isOpen() {
    return !this.list.hidden || !this.none.hidden;
  }

  open() {
    if (!this.isOpen) this.show(this.options, this.options.findIndex(({ option }) => option.selected));
  }

  narrow() {
    const query = this.input.value.trim();
    this.take("");
    const found = query ? this.options.filter(({ text }) => matches(text, query)) : this.options;
    this.show(found, query && found.length ? 0 : -1);
    this.status.textContent = found.length
      ? `${this.select.dataset.matches}: ${found.length}`
      : this.select.dataset.noMatch;
  }

  show(entries, active) {
    this.shown = entries;
    this.list.replaceChildren(...grouped(entries, this.input.id));
    this.list.hidden = entries.length === 0;
    this.none.hidden = entries.length > 0;
    this.input.setAttribute("aria-expanded", String(!this.list.hidden));
    this.mark(active);
  }

  mark(index) {
    for (const { node } of this.options) node.setAttribute("aria-selected", "false");
    this.active = index;
    const node = this.shown[index]?.node;
    if (!node) {
      this.input.removeAttribute("aria-activedescendant");
      return;
    }
    node.setAttribute("aria-selected", "true");
    node.scrollIntoView({ block: "nearest" });
    this.input.setAttribute("aria-activedescendant", node.id);
  }

  choose(entry) {
    if (entry) {
      this.take(entry.option.value);
      this.input.value = entry.option.text;
    }
    this.close();
  }

  // Who typed a whole name, or so much that one is left, need not choose it as well.
  leave() {
    const typed = this.input.value.trim();
    if (typed && !this.select.value) {
      const exact = this.options.find(({ option }) => plain(option.text) === plain(typed));
      this.choose(exact || (this.isOpen && this.shown.length === 1 ? this.shown[0] : undefined));
    }
    this.close();
  }

  close() {
    this.list.hidden = this.none.hidden = true;
    this.input.setAttribute("aria-expanded", "false");
    this.mark(-1);
  }

  take(value) {
    if (this.select.value === value) return;
    this.select.value = value;
    this.taking = true;
    this.select.dispatchEvent(new Event("change", { bubbles: true }));
    this.taking = false;
  }

  showChosen() {
    if (this.taking) return;
    const chosen = this.options.find(({ option }) => option.selected);
    if (chosen || document.activeElement !== this.input) this.input.value = chosen ? chosen.option.text : "";
  }
}

function grouped(entries, id) {
  const groups = new Map();
  for (const entry of entries) {
    groups.set(entry.group, [...(groups.get(entry.group) || []), entry.node]);
  }
  return [...groups].flatMap(([name, nodes], index) => {
    if (!name) return nodes;
    const heading = element("div", { id: `${id}-group-${index}`, class: "combobox__group", role: "presentation" }, name);
    const group = element("div", { role: "group", "aria-labelledby": heading.id });
    group.append(heading, ...nodes);
    return [group];
  });
}

function element(tag, attributes, text) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) node.setAttribute(name, value);
  if (text) node.textContent = text;
  return node;
}
