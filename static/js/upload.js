// Says before a long upload that a file is too large. The server checks it in any case.

const place = document.querySelector("[data-largest-file]");
const input = place?.querySelector("input[type=file]");

const check = () => {
  const file = input.files[0];
  const isTooLarge = file && file.size > Number(place.dataset.largestFile);
  input.setCustomValidity(isTooLarge ? place.dataset.tooLarge : "");
  if (isTooLarge) input.reportValidity();
  return !isTooLarge;
};

input?.addEventListener("change", check);
input?.form.addEventListener("submit", (event) => {
  if (!check()) event.preventDefault();
}, { capture: true });
