// A session of the plan opens in a dialog: the page behind its link, with the same forms.

export function enable(plan) {
  const { planner } = plan;
  const dialog = document.getElementById("plan-dialog");

  async function open(address) {
    let answer;
    try {
      answer = await fetch(address, { headers: { "HX-Request": "true" } });
    } catch {
      return plan.say(plan.words.offline);
    }
    const html = await answer.text();
    // Deleted meanwhile, or signed out: the page itself says so.
    if (!answer.ok || !html.includes('id="place-title"')) location.href = address;
    else {
      dialog.innerHTML = html;
      dialog.setAttribute("aria-labelledby", "place-title");
      dialog.showModal();
    }
  }

  /** Something typed is wrong: the reason stands above it, nothing is lost. */
  function refuse(html) {
    const answer = new DOMParser().parseFromString(html, "text/html");
    dialog.querySelector(".place__refusal")?.remove();
    const line = document.createElement("p");
    line.className = "place__refusal";
    line.setAttribute("role", "alert");
    line.textContent = answer.querySelector("[data-said] p").textContent;
    dialog.querySelector("form").before(line);
    return false;
  }

  planner.addEventListener("click", (event) => {
    const link = event.target.closest(".slot__link");
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    open(link.href);
  });
  dialog.addEventListener("submit", (event) => {
    event.preventDefault();
    const values = Object.fromEntries(new FormData(event.target));
    plan.send(event.target.action, { ...values, on: plan.day() }, (status, html) => {
      if (status === 422) return refuse(html);
      dialog.close();
      return true;
    });
  });
  dialog.addEventListener("click", (event) => {
    const isOutside = event.target === dialog && !inside(dialog, event);
    if (isOutside || event.target.closest("[data-close]")) dialog.close();
  });
}

function inside(element, { clientX, clientY }) {
  const box = element.getBoundingClientRect();
  return clientX >= box.left && clientX <= box.right && clientY >= box.top && clientY <= box.bottom;
}
