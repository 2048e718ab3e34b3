(() => {
  "use strict";
  const list = document.getElementById("list");
  const filter = document.getElementById("filter");
  const summary = document.getElementById("summary");
  const none = document.getElementById("none");
  const heads = Array.from(document.querySelectorAll("th[data-key]"));
  const whole = summary.textContent;
  const link = row => row.cells[0].firstElementChild;
  const rows = Array.from(list.rows, row => ({
    row,
    folded: link(row).textContent.toLowerCase(),
    folder: row.className === "d",
    size: Number(row.dataset.s || 0),
    time: Number(row.dataset.t),
  }));

  const collator = new Intl.Collator(undefined, { numeric: true, sensitivity: "base" });
  const orders = {
    name: (a, b) => collator.compare(a.folded, b.folded),
    size: (a, b) => a.size - b.size,
    time: (a, b) => a.time - b.time,
  };
  const sort = (key, descending) => {
    const sign = descending ? -1 : 1;
    rows.sort((a, b) => b.folder - a.folder || sign * orders[key](a, b) || orders.name(a, b));
    const sorted = document.createDocumentFragment();
    for (const { row } of rows) sorted.append(row);
    list.append(sorted);
    for (const head of heads) {
      if (head.dataset.key !== key) head.removeAttribute("aria-sort");
      else head.setAttribute("aria-sort", descending ? "descending" : "ascending");
    }
  };
  const remembered = value => {
    try {
      if (value) sessionStorage.setItem("listing.sort", value);
      return sessionStorage.getItem("listing.sort");
    } catch {
      return value;
    }
  };
  for (const head of heads) {
    head.firstElementChild.addEventListener("click", () => {
      const key = head.dataset.key;
      const before = head.getAttribute("aria-sort");
      const descending = before ? before === "ascending" : key !== "name";
      remembered(key + (descending ? " descending" : " ascending"));
      sort(key, descending);
    });
  }

  const apply = () => {
    const words = filter.value.toLowerCase().split(/\s+/).filter(Boolean);
    let shown = 0;
    for (const entry of rows) {
      const matches = words.every(word => entry.folded.includes(word));
      if (entry.row.hidden === matches) entry.row.hidden = !matches;
      if (matches) shown++;
    }
    summary.textContent = words.length ? `${shown} of ${rows.length} match` : whole;
    none.hidden = shown > 0 || !words.length;
  };
  let due = 0;
  filter.addEventListener("input", () => {
    cancelAnimationFrame(due);
    due = requestAnimationFrame(apply);
  });
  addEventListener("pageshow", () => filter.value && apply());

  const visible = (from, step) => {
    let row = from;
    while (row && row.hidden) row = row[step];
    return row;
  };
  const first = () => visible(list.firstElementChild, "nextElementSibling");
  const last = () => visible(list.lastElementChild, "previousElementSibling");
  const current = () => {
    const row = document.activeElement.closest("tr");
    return row && row.parentNode === list ? row : null;
  };
  const focus = row => row && (link(row).tabIndex = 0, link(row).focus());
  const down = () => focus(current() ? visible(current().nextElementSibling, "nextElementSibling") : first());
  const up = () => {
    const row = current() && visible(current().previousElementSibling, "previousElementSibling");
    if (row) focus(row);
    else filter.focus();
  };
  const open = target => target && target.click();
  const inFilter = {
    ArrowDown: down,
    Enter: () => open(first() && link(first())),
    Escape: () => {
      if (filter.value) filter.value = "";
      else filter.blur();
      apply();
    },
  };
  const onPage = {
    "/": () => filter.select(),
    ArrowDown: down,
    ArrowUp: up,
    j: down,
    k: up,
    Home: () => focus(first()),
    End: () => focus(last()),
    Backspace: () => open(document.getElementById("up")),
    Escape: () => {
      filter.value = "";
      apply();
    },
  };
  document.addEventListener("keydown", event => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
    const action = (document.activeElement === filter ? inFilter : onPage)[event.key];
    if (!action) return;
    event.preventDefault();
    action();
  });

  const two = number => String(number).padStart(2, "0");
  const local = seconds => {
    const at = new Date(seconds * 1000);
    const year = String(at.getFullYear()).padStart(4, "0");
    return `${year}-${two(at.getMonth() + 1)}-${two(at.getDate())} ${two(at.getHours())}:${two(at.getMinutes())}`;
  };
  for (const { row, time } of rows) row.cells[2].textContent = local(time);
  document.querySelector("th small").textContent = "";

  const stored = (remembered() || "").split(" ");
  if (orders[stored[0]]) sort(stored[0], stored[1] === "descending");
  else heads[0].setAttribute("aria-sort", "ascending");
})();
