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
