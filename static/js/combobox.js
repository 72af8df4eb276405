// Turns a select with groups into a field that typing narrows down: the editable combobox with
// list autocomplete of the WAI-ARIA Authoring Practices. The select stays in the form, unseen, and
// keeps the value that is sent; a script that sets it tells so by a `change` event on it.
// Options are found by their text and by the short forms in `data-search`. What is not in the list
// may be kept as typed, in the text field that `data-free` names.

// As `app/sorting.py` has them: letters that no mark can be taken off, and how else people write some.
const LETTERS = { ß: "ss", æ: "ae", œ: "oe", ø: "o", ł: "l", đ: "d", ð: "d", þ: "th", ħ: "h", ı: "i", ŧ: "t", ŋ: "n" };
const SPELLINGS = { ä: "ae", ö: "oe", ü: "ue", ø: "oe", å: "aa" };

const write = (text, letters) =>
  text.toLowerCase().normalize("NFC").replace(/\p{L}/gu, (letter) => letters[letter] ?? letter);
const plain = (text) => write(text, LETTERS).normalize("NFD").replace(/\p{M}/gu, "");
const spelled = (text) => plain(write(text, SPELLINGS));

// How well a query fits: only the first two choose by themselves, and only if nothing else fits.
const EXACT = 0, BEGINS = 1, INSIDE = 2, NOT = 3;
const words = (text) => text.split(/[^\p{L}\p{N}]+/u).filter(Boolean);
const tidy = (text) => text.trim().replace(/\s+/g, " ");

function rank({ option, search }, query) {
  if (!words(query).length) return NOT;
  // "Thüringen" is found by thuringen, thueringen and thüringen.
  const fits = [plain, spelled].map((fold) => {
    const name = fold(option.text);
    if (fold(tidy(option.text)) === fold(tidy(query))) return EXACT;
    const beginnings = words(`${name} ${fold(search)}`);
    return Math.max(...words(fold(query)).map((word) =>
      beginnings.some((other) => other.startsWith(word)) ? BEGINS : name.includes(word) ? INSIDE : NOT));
  });
  return Math.min(...fits);
}

export function enhance(select) {
  new Combobox(select);
}

class Combobox {
  constructor(select) {
    this.select = select;
    this.free = select.form?.elements[select.dataset.free];
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
      id, name: `${select.name}-typed`, type: "text", role: "combobox", autocomplete: "off", spellcheck: "false",
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
    this.note = element("div", { class: "kern-hint combobox__note", hidden: "" }, select.dataset.taken);
    this.box.append(this.input, arrow, this.list, this.none, this.status);
    this.options = [...select.options]
      .filter((option) => option.value)
      .map((option, index) => this.entry(option, index));
    // The label and links to the field now lead to the input.
    select.id = `${id}-select`;
    select.parentElement.hidden = true;
    select.parentElement.before(this.box, this.note);
  }

  entry(option, index) {
    const node = element("div", {
      id: `${this.input.id}-option-${index}`, role: "option", class: "combobox__option", "aria-selected": "false",
    }, option.text);
    const group = option.parentElement.label || "";
    return { option, node, group, search: option.dataset.search || "" };
  }

  // The entry that keeps what was typed: it says so openly, and stands last.
  freeEntry(typed) {
    const text = this.select.dataset.take.replace("…", () => typed);
    const node = element("div", {
      id: `${this.input.id}-option-free`, role: "option", class: "combobox__option combobox__free", "aria-selected": "false",
    }, text);
    return { node, typed, group: "" };
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
    this.free?.addEventListener("input", () => this.showChosen());
    this.free?.addEventListener("change", () => this.showChosen());
    addEventListener("pageshow", () => this.showChosen());
  }

  key(event) {
    const last = this.shown.length - 1;
    const steps = {
      ArrowDown: () => (this.isOpen ? this.mark(this.active < last ? this.active + 1 : 0) : this.open()),
      ArrowUp: () => (this.isOpen ? this.mark(this.active > 0 ? this.active - 1 : last) : this.open()),
      Home: () => this.mark(0),
      End: () => this.mark(last),
      Enter: () => this.enter(),
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

  // What fits, the best first, with how well; options of a group stand together.
  find(query) {
    const ranked = this.options
      .map((entry) => ({ entry, fit: rank(entry, query) }))
      .filter(({ fit }) => fit !== NOT)
      .sort((one, other) => one.fit - other.fit);
    const groups = [...new Set(ranked.map(({ entry }) => entry.group))];
    return ranked.sort((one, other) => groups.indexOf(one.entry.group) - groups.indexOf(other.entry.group));
  }

  // Which of these is meant without doubt: the very name, or the only one with such words.
  certain(found) {
    const sure = found[0]?.fit === EXACT || (found.length === 1 && found[0].fit === BEGINS);
    return sure ? found[0].entry : undefined;
  }

  narrow() {
    const query = tidy(this.input.value);
    this.take("");
    this.keep("");
    if (!query) {
      this.show(this.options, -1);
      this.status.textContent = "";
      return;
    }
    const found = this.find(query);
    const entries = found.map(({ entry }) => entry);
    const certain = this.certain(found);
    if (this.free && found[0]?.fit !== EXACT) entries.push(this.freeEntry(query));
    this.show(entries, certain ? 0 : entries.length === 1 && !found.length ? 0 : -1);
    this.status.textContent = found.length
      ? `${this.select.dataset.matches}: ${found.length}`
      : this.select.dataset.noMatch;
  }

  // Nothing is chosen for somebody who may have meant something else.
  enter() {
    if (this.active >= 0) this.choose(this.shown[this.active]);
    else this.status.textContent = this.select.dataset.several;
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
    for (const { node } of [...this.options, ...this.shown]) node.setAttribute("aria-selected", "false");
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
    if (entry?.option) {
      this.keep("");
      this.take(entry.option.value);
      this.input.value = entry.option.text;
    } else if (entry) {
      this.keep(entry.typed);
      this.input.value = entry.typed;
    }
    this.close();
  }

  // Who typed a whole name, or so much that one is left, need not choose it as well; what fits
  // nothing is kept as typed, and the note below says so.
  leave() {
    const typed = tidy(this.input.value);
    if (typed && !this.select.value && !this.free?.value) {
      const found = this.find(typed);
      const certain = found[0]?.fit === EXACT || this.isOpen ? this.certain(found) : undefined;
      if (certain) this.choose(certain);
      else if (this.free && !found.length) this.choose(this.freeEntry(typed));
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

  // What was typed, in the form's own field for it.
  keep(text) {
    if (!this.free) return;
    if (this.free.value !== text) {
      this.free.value = text;
      this.taking = true;
      this.free.dispatchEvent(new Event("input", { bubbles: true }));
      this.taking = false;
    }
    this.note.hidden = !text;
  }

  showChosen() {
    if (this.taking) return;
    const chosen = this.options.find(({ option }) => option.selected);
    const typed = this.free?.value || "";
    this.note.hidden = Boolean(chosen) || !typed;
    if (chosen || document.activeElement !== this.input) {
      this.input.value = chosen ? chosen.option.text : typed || this.select.dataset.typed || "";
    }
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
