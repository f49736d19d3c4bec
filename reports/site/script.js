// What the page adds where scripts run: the theme, the filter, copying, and opening what a link leads to. Without it nothing is missing but comfort.
"use strict";

const root = document.documentElement;

const theme = document.getElementById("theme");
const remembered = () => { try { return localStorage.getItem("theme"); } catch { return null; } };
const remember = (name) => { try { localStorage.setItem("theme", name); } catch { /* a page from disk may have no storage */ } };
if (["light", "dark"].includes(remembered())) root.dataset.theme = remembered();
theme.hidden = false;
theme.addEventListener("click", () => {
  const dark = root.dataset.theme ? root.dataset.theme === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;
  root.dataset.theme = dark ? "light" : "dark";
  remember(root.dataset.theme);
});

const filter = document.getElementById("filter");
const rows = [...document.querySelectorAll(".rows .row")];
const shown = document.getElementById("shown");
const choices = ["status", "journey", "owner", "surface"];
function sift() {
  const words = filter.elements.words.value.toLowerCase().split(/\s+/).filter(Boolean);
  let left = 0;
  for (const row of rows) {
    const fits = words.every((word) => row.dataset.words.includes(word))
      && choices.every((name) => !filter.elements[name].value || row.dataset[name] === filter.elements[name].value);
    row.hidden = !fits;
    if (fits) left += 1;
  }
  shown.textContent = left === rows.length ? `${left} outcomes, the gravest first` : `${left} of ${rows.length} outcomes`;
}
if (filter && rows.length) {
  filter.hidden = false;
  filter.addEventListener("input", sift);
  filter.addEventListener("submit", (event) => event.preventDefault());
  filter.addEventListener("reset", () => setTimeout(sift));
  sift();
}

for (const button of document.querySelectorAll("button[data-owner]")) {
  button.addEventListener("click", () => {
    filter.reset();
    filter.elements.owner.value = button.dataset.owner;
    sift();
    document.getElementById("everything").scrollIntoView();
  });
}

document.addEventListener("keydown", (event) => {
  if (event.key === "/" && !event.target.closest("input, select, textarea") && filter && !filter.hidden) {
    event.preventDefault();
    filter.elements.words.focus();
  }
});

function openTarget() {
  const target = document.getElementById(decodeURIComponent(location.hash.slice(1)));
  if (!target) return;
  if (target.hidden) { filter.reset(); sift(); }
  if (target.matches("details")) target.open = true;
  target.scrollIntoView();
}
addEventListener("hashchange", openTarget);
if (location.hash) openTarget();

for (const command of document.querySelectorAll("[data-copy]")) {
  const button = document.createElement("button");
  button.type = "button";
  button.textContent = "copy";
  const text = command.textContent;
  button.addEventListener("click", async () => {
    try { await navigator.clipboard.writeText(text); button.textContent = "copied"; } catch { getSelection().selectAllChildren(command); }
  });
  command.append(button);
}

let opened = [];
addEventListener("beforeprint", () => {
  opened = [...document.querySelectorAll(".card details:not([open])")];
  for (const each of opened) each.open = true;
});
addEventListener("afterprint", () => { for (const each of opened) each.open = false; });
