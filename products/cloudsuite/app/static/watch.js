// Keeps a region of a page up to date: asks for its stamp, and fetches the page again once that differs.

const PAUSE = 700; // milliseconds between questions

// Once a form is sent, its answer is what comes next: a reload would cancel it.
let leaving = false;
addEventListener("submit", () => {
  leaving = true;
});

async function look(region) {
  const answer = await fetch(region.dataset.watch, { headers: { Accept: "application/json" } });
  if (leaving) return null;
  if (answer.status === 401 || answer.status === 404 || answer.redirected) {
    location.reload();
    return null;
  }
  if (!answer.ok) return region;
  const { stamp } = await answer.json();
  if (stamp === region.dataset.stamp) return region;
  if (region.querySelector("input:focus, select:focus")) return region; // somebody is typing here
  const page = new DOMParser().parseFromString(await (await fetch(location.pathname)).text(), "text/html");
  const fresh = page.getElementById(region.id);
  if (leaving) return null;
  if (!fresh) return region;
  const focused = document.activeElement?.id;
  region.replaceWith(fresh);
  if (focused) document.getElementById(focused)?.focus();
  return fresh;
}

async function watch(region) {
  let watched = region;
  while (watched && !leaving) {
    await new Promise((resume) => setTimeout(resume, PAUSE));
    try {
      watched = await look(watched);
    } catch (error) {
      if (!(error instanceof TypeError)) throw error; // no network: ask again
    }
  }
}

document.querySelectorAll("[data-watch]").forEach(watch);
