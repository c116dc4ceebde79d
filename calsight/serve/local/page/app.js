// The app is whole without this: every button is a form's. With it, files can be dropped, and answers change the page in place.
const said = document.getElementById("said");

const main = document.querySelector("main[data-live]");
const open = document.getElementById("open");
if (open) {
  const drop = document.getElementById("drop");
  const input = document.getElementById("file");
  const over = (event) => { event.preventDefault(); drop.classList.add("over"); };
  addEventListener("dragenter", over);
  addEventListener("dragover", over);
  addEventListener("dragleave", (event) => { if (!event.relatedTarget) drop.classList.remove("over"); });
  addEventListener("drop", (event) => {
    event.preventDefault();
    drop.classList.remove("over");
    if (!event.dataTransfer.files.length) return;
    input.files = event.dataTransfer.files;
    open.requestSubmit();
  });
  input.addEventListener("change", () => { if (input.files.length) open.requestSubmit(); });
}
for (const form of document.querySelectorAll("form[data-reading]")) {
  form.addEventListener("submit", () => {
    said.textContent = form.dataset.reading;
    setInterval(tellProgress, 500); // until the answer is another page
  });
}

addEventListener("pageshow", (event) => { if (event.persisted) location.reload(); }); // "back" to what was said long ago

async function tellProgress() {
  try {
    const answer = await (await fetch("/progress")).json();
    if (answer.said && answer.said !== said.textContent) said.textContent = answer.said;
  } catch { /* the page is going, or the server is: neither is for here */ }
}

let runs = 0;
async function begin() { // the report's own script, as a module of its own each time, for what stands there now
  for (const old of document.querySelectorAll("body > .tip")) old.remove();
  if (main) await import(`/assets/report.js?${++runs}`);
}

function parsed(html) { return new DOMParser().parseFromString(html, "text/html").body; }

let newest = 0;

async function send(form, button) {
  const data = new URLSearchParams(new FormData(form));
  if (button?.name) data.set(button.name, button.value);
  return fetch(form.action, { method: "POST", body: data, headers: { "X-Live": "yes" } });
}

async function change(form, button) {
  const mine = ++newest;
  for (const one of document.querySelectorAll("main button")) one.disabled = true;
  main?.setAttribute("aria-busy", "true");
  try {
    const answer = await (await send(form, button)).json();
    if (answer.detail) { said.textContent = answer.detail; return; }
    said.textContent = answer.said;
    if (!main) { location.reload(); return; }
    const verdict = main.querySelector(".hero");
    verdict.replaceWith(...parsed(answer.verdict).childNodes);
    document.body.className = answer.level;
    document.documentElement.dataset.verdict = String(mine);
    const rest = await fetch(main.dataset.live);
    if (mine !== newest || !rest.ok) { if (!rest.ok) location.reload(); return; }
    main.replaceChildren(...parsed(await rest.text()).childNodes);
    const next = main.querySelector(".questions button") ?? main.querySelector("#tell-title");
    if (next) { if (!next.matches("button")) next.tabIndex = -1; next.focus({ preventScroll: true }); }
    await begin();
    document.documentElement.dataset.page = String(mine);
  } catch {
    location.reload();
  } finally {
    main?.removeAttribute("aria-busy");
    for (const one of document.querySelectorAll("main button")) one.disabled = false;
  }
}

async function row(form, button) {
  button.disabled = true;
  try {
    const answer = await (await send(form, button)).json();
    said.textContent = answer.detail ?? answer.said;
    if (answer.detail) { button.disabled = false; return; }
    // In place, so that neither what was said nor the keyboard's place is lost.
    const entries = document.querySelector(".entries tbody");
    const place = form.closest("tr").sectionRowIndex;
    entries.replaceWith(parsed(await (await fetch(location.href)).text()).querySelector(".entries tbody"));
    const now = document.querySelector(".entries tbody").rows;
    now[Math.min(place, now.length - 1)]?.querySelector("button")?.focus({ preventScroll: true });
  } catch {
    location.reload();
  }
}

document.addEventListener("submit", (event) => {
  const form = event.target.closest("form[data-live]");
  if (!form) return;
  event.preventDefault();
  if (form.dataset.live === "row") row(form, event.submitter); else change(form, event.submitter);
});
await begin();
document.documentElement.dataset.ready = "yes"; // from here on a click changes the page in place; before, its form is sent
