// The table of people: sorting by column, and a short first view of a long one. The page is whole without this.
for (const table of document.querySelectorAll("table.people")) {
  const body = table.tBodies[0];
  const rows = Array.from(body.rows);
  for (const head of table.tHead.querySelectorAll("th[data-sort]")) {
    const button = document.createElement("button");
    button.type = "button";
    button.append(...head.childNodes);
    head.append(button);
    button.addEventListener("click", () => sort(head));
  }
  function sort(head) {
    const up = head.getAttribute("aria-sort") !== "ascending";
    const sign = up ? 1 : -1;
    const column = head.cellIndex;
    const key = (row) => row.cells[column].dataset.key ?? "";
    const compare = (a, b) => {
      const [x, y] = [key(a), key(b)];
      if (x === "" || y === "") return (x === "") - (y === ""); // what is not known stays last
      return sign * (head.dataset.sort === "number" ? x - y : x.localeCompare(y));
    };
    for (const other of head.parentNode.cells) other.removeAttribute("aria-sort");
    head.setAttribute("aria-sort", up ? "ascending" : "descending");
    body.append(...rows.toSorted(compare));
  }
  const more = document.querySelector("button.more");
  if (more) {
    table.classList.add("short");
    more.hidden = false;
    more.addEventListener("click", () => {
      table.classList.remove("short");
      more.hidden = true;
    });
  }
}

// Whoever points at a mark, a week or a person is told what it is, and sees the same person everywhere.
const again = new AbortController(); // a page that runs this anew, for what stands there then, ends what the last run heard
document.dispatchEvent(new Event("calsight-again"));
document.addEventListener("calsight-again", () => again.abort(), { once: true });
const hear = { signal: again.signal };
const tip = document.createElement("div");
tip.className = "tip";
tip.setAttribute("role", "status");
document.body.append(tip);
for (const note of document.querySelectorAll(".scripted")) note.hidden = false;

function says(mark) {
  tip.textContent = mark?.dataset.says ?? "";
  tip.classList.toggle("shown", Boolean(mark));
  if (!mark) return;
  const box = mark.getBoundingClientRect();
  const width = document.documentElement.clientWidth;
  const left = Math.min(Math.max(8, box.left + box.width / 2 - tip.offsetWidth / 2), width - tip.offsetWidth - 8);
  const above = box.top - tip.offsetHeight - 8;
  tip.style.left = `${left + window.scrollX}px`;
  tip.style.top = `${(above > 0 ? above : box.bottom + 8) + window.scrollY}px`;
}

function people(element) {
  const link = element.closest('a[href^="#person-"]');
  if (link) return [link.getAttribute("href").slice(1)];
  const row = element.closest("tr[data-row]");
  if (row) return [row.dataset.row];
  const week = element.closest("[data-who]")?.dataset.who;
  return week ? week.split(" ").map((number) => `person-${number}`) : [];
}

function highlight(rows) {
  for (const old of document.querySelectorAll(".asked")) old.classList.remove("asked");
  for (const row of rows) {
    const all = `a[href="#${row}"], tr[data-row="${row}"], .week[data-who~="${row.slice(7)}"]`;
    for (const shown of document.querySelectorAll(all)) shown.classList.add("asked");
  }
}

function point(event) {
  if (!(event.target instanceof Element)) return;
  const link = event.target.closest("a");
  says(event.target.closest("[data-says]") ?? link?.querySelector("[data-says]"));
  highlight(people(event.target));
}

function leave() {
  says(null);
  highlight([]);
}

document.addEventListener("pointerover", point, hear);
document.addEventListener("focusin", point, hear);
document.addEventListener("focusout", leave, hear);
document.addEventListener("pointerleave", leave, hear);
document.addEventListener("keydown", (event) => {
  if (event.key === "Escape") leave();
}, hear);

// The marks of a chart, one by one, with the arrow keys.
for (const chart of document.querySelectorAll('.ask-chart[role="img"]')) {
  chart.tabIndex = 0;
  let at = -1;
  chart.addEventListener("keydown", (event) => {
    const step = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[event.key];
    if (!step) return;
    event.preventDefault();
    const marks = Array.from(chart.querySelectorAll("[data-says]")).filter((mark) => mark.getClientRects().length);
    if (!marks.length) return;
    at = at < 0 && step < 0 ? marks.length - 1 : (at + step + marks.length) % marks.length;
    says(marks[at]);
  });
}

// A link to a person opens what is said of them, wherever the table has them.
function reveal() {
  const target = location.hash.startsWith("#person-") && document.getElementById(location.hash.slice(1));
  if (!target) return;
  target.closest("table").classList.remove("short");
  const more = document.querySelector("button.more");
  if (more) more.hidden = true;
  target.closest("details").open = true;
  target.closest("tr").scrollIntoView({ block: "center" });
  target.closest("details").querySelector("summary").focus({ preventScroll: true });
}
window.addEventListener("hashchange", reveal, hear);
document.addEventListener("click", (event) => {
  const link = event.target instanceof Element && event.target.closest('a[href^="#person-"]');
  if (link && link.getAttribute("href") === location.hash) reveal(); // the same one again changes no hash
}, hear);
reveal();
