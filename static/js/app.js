// Small helps for every page. Nothing depends on them: each form works without JavaScript.

// A second click must not send a form twice. Released again for answers that leave the page
// standing (a download) and for pages that come back from the browser's memory.
const RELEASE_AFTER_MS = 5000;

const release = (form) => delete form.dataset.sending;

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (event.defaultPrevented || form.method !== "post") return;
  if ("sending" in form.dataset) {
    event.preventDefault();
    return;
  }
  form.dataset.sending = "";
  setTimeout(() => release(form), RELEASE_AFTER_MS);
});

addEventListener("pageshow", (event) => {
  document.querySelectorAll("form[data-sending]").forEach(release);
  // What the browser kept of a page tells an old state, for example of badges printed since.
  if (event.persisted && document.querySelector("[data-fresh]")) location.reload();
});

// Where tabs scroll sideways, the current one stands in sight.
const tab = document.querySelector(".tabs [aria-current]");
if (tab) {
  const row = tab.closest("ul");
  row.scrollLeft = tab.offsetLeft - (row.clientWidth - tab.offsetWidth) / 2;
}

// Long lists to choose from: loaded only where a page has one, by an address with its hash.
if (document.querySelector("select[data-combobox]")) {
  const { module } = document.querySelector("script[data-module]").dataset;
  const { enhance } = await import(module);
  document.querySelectorAll("select[data-combobox]").forEach(enhance);
}
