// Small helps for the form of registration. It works without them.

const form = document.querySelector("main form[method=post]");

// What was typed and not sent yet survives a lost connection and a reload: it stays in this tab's
// own memory until another step of the form shows that it has arrived.
const KEY = "unsent ";

function typed() {
  const entries = [...new FormData(form)].filter(([name]) => name !== "csrf_token");
  return entries.map(([name, value]) => [name, String(value)]);
}

function fillIn(entries) {
  for (const control of form.elements) {
    if (!control.name || control.name === "csrf_token" || control.type === "submit") continue;
    const values = entries.filter(([name]) => name === control.name).map(([, value]) => value);
    if (control.type === "checkbox" || control.type === "radio") {
      control.checked = values.includes(control.value);
    } else if (control.type !== "hidden" && values.length) {
      control.value = values[0];
    }
    control.dispatchEvent(new Event("change", { bubbles: true }));
  }
}

function keep() {
  sessionStorage.setItem(KEY + form.id, JSON.stringify({ entries: typed(), sent: false }));
}

function markSent() {
  const kept = sessionStorage.getItem(KEY + form.id);
  if (kept) sessionStorage.setItem(KEY + form.id, JSON.stringify({ ...JSON.parse(kept), sent: true }));
}

function forgetArrived() {
  for (const key of Object.keys(sessionStorage).filter((name) => name.startsWith(KEY))) {
    if (key !== KEY + form.id && JSON.parse(sessionStorage.getItem(key)).sent) sessionStorage.removeItem(key);
  }
}

function restore() {
  const kept = sessionStorage.getItem(KEY + form.id);
  if (kept && !document.querySelector(".error-summary")) fillIn(JSON.parse(kept).entries);
}

// One of both: an organisation from the list or a name that is typed.
function oneOrganisation() {
  const { organisation_id: chosen, other_organisation: other } = form.elements;
  if (!chosen || !other) return;
  other.addEventListener("input", () => {
    if (!other.value || !chosen.value) return;
    chosen.value = "";
    chosen.dispatchEvent(new Event("change", { bubbles: true }));
  });
  chosen.addEventListener("change", () => {
    if (chosen.value) other.value = "";
  });
}

// A licence plate is asked only of those who come by car.
function plateWithCar() {
  const { arrival, vehicle_plate: plate } = form.elements;
  if (!arrival || !plate) return;
  const field = plate.closest(".field");
  const show = () => {
    field.hidden = arrival.value !== "car";
  };
  arrival.addEventListener("change", show);
  show();
}

oneOrganisation();
plateWithCar();
if (form.id) {
  forgetArrived();
  restore();
  form.addEventListener("input", keep);
  form.addEventListener("change", keep);
  form.addEventListener("submit", markSent);
}
