// What the pages can do beyond forms and links. Everything works without it; it sets no HTML.
(() => {
  "use strict";
  const $ = (id) => document.getElementById(id);
  let changed = false; // something was changed in the drawer that the list behind it does not show yet

  // A choice in a list takes effect at once.
  document.addEventListener("change", (e) => {
    if (e.target.matches("[data-submit]")) e.target.form.requestSubmit();
  });

  // One menu is open at a time, and closes at a click elsewhere or with Escape.
  document.addEventListener("click", (e) => {
    for (const m of document.querySelectorAll("details.menu[open]")) if (!m.contains(e.target)) m.open = false;
    const close = e.target.closest("[data-close]");
    if (close) close.closest(".said").remove();
    const drawer = $("drawer");
    if (drawer && e.target === drawer) drawer.close(); // the backdrop
  });
  document.addEventListener("keydown", (e) => {
    if (e.key !== "Escape") return;
    for (const m of document.querySelectorAll("details.menu[open]")) {
      m.open = false;
      m.querySelector("summary").focus();
    }
  });

  // A reason opens in the drawer; closing it shows what was changed there.
  document.addEventListener("htmx:after:swap", (e) => {
    const target = e.detail?.ctx?.target, drawer = $("drawer");
    if (target?.id === "drawer-body" && drawer && !drawer.open) {
      changed = false;
      drawer.showModal();
      drawer.scrollTop = 0;
    } else if (target?.id === "why" && drawer?.open) {
      changed ||= !!$("why")?.querySelector(".toast .said");
    }
    reveal();
  });
  document.addEventListener("close", (e) => {
    if (e.target.id !== "drawer") return;
    $("drawer-body").replaceChildren();
    if (changed) $("controls")?.requestSubmit();
    changed = false;
  }, true);

  // Buttons that need this script show themselves; a message leaves after half a minute.
  let timer;
  function reveal() {
    for (const b of document.querySelectorAll("[data-close][hidden]")) b.hidden = false;
    const said = document.querySelector("#toast .said");
    clearTimeout(timer);
    if (said) timer = setTimeout(() => said.remove(), 30000);
  }
  reveal();
})();
