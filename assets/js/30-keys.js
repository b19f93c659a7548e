// Keys pressed alone: <body data-keys="/help/keys"> where the account has them on. They do nothing while somebody types,
// and none of them does what cannot be taken back: of a form's button they only take the focus there.
{
  const listed = document.body.dataset.keys;
  const TYPED = "textarea, select, [contenteditable]:not([contenteditable=false]), [role=textbox], [role=combobox]";
  const PRESSED = ["checkbox", "radio", "button", "submit", "reset", "file", "image"];
  const types = (at) => at.matches?.(TYPED) || (at.matches?.("input") && !PRESSED.includes(at.type));
  const find = (selector) => document.querySelector(selector);

  // What stands in lists, a thing a row.
  const ROWS = "main :is(tbody > tr, .inbox > li, .lines > li, .entries > li, .papers > li, .picks > li, .queue > li)";
  const mainOf = (row) => row.querySelector("a[href]") ?? row.querySelector("summary, input[type=checkbox], button:not([hidden])");
  const rows = () => [...document.querySelectorAll(ROWS)].filter((row) => mainOf(row)?.checkVisibility?.() ?? mainOf(row));
  // Row and address of a list as it was left, for the way back.
  const leave = (row) => sessionStorage.setItem(`row ${location.pathname}`, `${mainOf(row).getAttribute("href")} ${location.href}`);
  const left = (list) => (sessionStorage.getItem(`row ${list}`) ?? "").split(" ");
  let last = null;
  const focused = () => document.activeElement?.closest(ROWS);
  const move = (by) => {
    const all = rows();
    const from = focused() ?? (last?.isConnected ? last : null);
    // Back from the page of a row, one goes on from it.
    const [was] = left(location.pathname);
    const back = all.find((row) => mainOf(row).getAttribute("href") === was);
    const next = from ? all[all.indexOf(from) + by] : back || all.at(by > 0 ? 0 : -1);
    if (!next) return;
    leave((last = next));
    mainOf(next).focus();
  };
  document.addEventListener("click", ({ target }) => {
    const row = target.closest?.("a[href]") && target.closest(ROWS);
    if (row) leave(row);
  });

  // A link is followed; whatever else there is gets the focus.
  const go = (at) => {
    if (!at) return;
    for (let fold = at.closest("details:not([open])"); fold; fold = fold.parentElement.closest("details:not([open])")) fold.open = true;
    if (!at.matches("a")) return at.focus();
    const { pathname } = new URL(at.href);
    if (pathname !== location.pathname) sessionStorage.setItem("keyed", pathname);
    at.click();
  };
  // Whoever came by a key goes on by keys: in the first field of what the page is for, else at its heading.
  const begin = () => {
    const came = sessionStorage.getItem("keyed") === location.pathname;
    sessionStorage.removeItem("keyed");
    if (!came || document.activeElement !== document.body) return;
    const part = location.hash && document.getElementById(location.hash.slice(1));
    const fields = "form[method=post] :is(input:not([type=hidden]), select, textarea):not(:disabled)";
    const free = (at) => at.checkVisibility?.() && !at.closest("#write, table, .filters, .gallery");
    const first = [...(part || find("main")).querySelectorAll(fields)].find(free) ?? find("main h1, h1");
    if (first?.matches("h1")) first.tabIndex = -1;
    first?.focus({ preventScroll: !part });
  };
  const up = () => {
    const way = find("[data-up]") ?? [...document.querySelectorAll(".trail a")].at(-1);
    if (!way) return;
    // To the list as it was, with its filters and on its page, where one came from there, be it some acts ago.
    const from = document.referrer && new URL(document.referrer);
    const [row, list] = left(way.pathname);
    if (from && from.origin === location.origin && from.pathname === way.pathname) location.href = from.href;
    else if (row && location.pathname.startsWith(row)) location.href = list;
    else way.click();
  };

  // The list of keys, of those that do something on this page; each with what it leads to here.
  const list = async () => {
    let box = document.getElementById("key-box");
    if (!box) {
      const reply = await fetch(listed, { headers: { accept: "text/html" } }).catch(() => null);
      if (!reply?.ok) return (location.href = listed);
      const page = new DOMParser().parseFromString(await reply.text(), "text/html");
      const groups = page.querySelector("[data-key-list]");
      if (!groups) return (location.href = listed);
      for (const line of groups.querySelectorAll("[data-needs]")) {
        const at = find(line.dataset.needs);
        if (!at) line.remove();
        else if (at.matches("a[data-key], button[data-key]")) line.querySelector("dd").append(` · ${at.textContent.trim()}`);
      }
      box = document.createElement("dialog");
      box.id = "key-box";
      box.setAttribute("aria-labelledby", "key-box-title");
      const head = document.createElement("h2");
      head.id = "key-box-title";
      head.textContent = page.querySelector("h1").textContent;
      const close = document.createElement("button");
      close.className = "button";
      close.textContent = groups.dataset.close;
      const foot = document.createElement("form");
      foot.method = "dialog";
      foot.append(close);
      box.append(head, groups, foot);
      document.body.append(box);
    }
    box.showModal();
  };

  const KEYS = {
    "?": list,
    "/": () => {
      find(".top-fold")?.setAttribute("open", "");
      go(find(".top-search input[type=search]") ?? find("main input[type=search]"));
    },
    j: () => move(1),
    k: () => move(-1),
    // What a button does may not be taken back: a link is followed, a fold opened.
    o: () => (focused()?.querySelector("a[href]") ?? focused()?.querySelector("summary"))?.click(),
    x: () => focused()?.querySelector("input[type=checkbox]")?.click(),
    b: () => go(find(".picking-bar :is(input, button)")),
    f: () => go(find("main .filters :is(input:not([type=hidden]), select)")),
    u: up,
    "[": () => go(find("main a[rel=prev]")),
    "]": () => go(find("main a[rel=next]")),
  };
  // What an input method writes in their place.
  const WIDE = { "？": "?", "／": "/", "、": "/", "【": "[", "】": "]", "［": "[", "］": "]" };

  // What another key leads to as well may be the page's next step.
  const keyed = (key) => (key === "s" && find("[data-step]")) || find(`[data-key=${key}]`);
  let led = 0;
  const press = (event) => {
    const { target, key, ctrlKey, metaKey, altKey, isComposing, repeat } = event;
    if (event.defaultPrevented || isComposing || ctrlKey || metaKey || altKey || types(target) || find("dialog[open]")) return;
    const plain = WIDE[key] ?? (event.shiftKey ? key : key.toLowerCase());
    const after = Date.now() - led < 1500;
    led = 0;
    if (after && find(`a[data-key="g ${CSS.escape(plain)}"]`)) {
      event.preventDefault();
      return find(`a[data-key="g ${CSS.escape(plain)}"]`).click();
    }
    if (plain === "g" && !repeat) return void (led = Date.now());
    const act =
      KEYS[plain] ??
      (/^[1-9]$/.test(plain) && find("main .tabs a") ? () => go(document.querySelectorAll("main .tabs a")[plain - 1]) : null) ??
      (/^[a-z]$/.test(plain) && keyed(plain) ? () => go(keyed(plain)) : null);
    if (!act || (repeat && !"jk".includes(plain))) return;
    event.preventDefault(); // or the key would be typed where the focus goes
    act();
  };
  if (listed) {
    addEventListener("keydown", press);
    // A browser that goes to a part of the page takes the focus away from what is no target of its own.
    if (location.hash) addEventListener("load", () => setTimeout(begin, 50));
    else begin();
    for (const at of document.querySelectorAll("[data-key]"))
      if (at.dataset.key.length === 1) at.setAttribute("aria-keyshortcuts", at.dataset.key);
  }

  // Sends the form that one writes in, from any of its fields. The browser's own way would open the answer in a tab of its
  // own, as it does for a link that is pressed so; and in a text the Enter key begins a line.
  const mainButton = (form) => {
    const own = [...form.elements].filter((at) => at.type === "submit" && !at.disabled && !at.matches("[data-keep], [name=find], [name=seek]"));
    return own.find((at) => at.closest(".buttons")) ?? own.find((at) => !at.closest(".hidden")) ?? own[0];
  };
  addEventListener("keydown", (event) => {
    const { target, key, ctrlKey, metaKey, isComposing, repeat } = event;
    if (event.defaultPrevented || key !== "Enter" || !(ctrlKey || metaKey) || isComposing) return;
    const form = target.matches?.("input, select, textarea, button") && target.form;
    if (!form || form.method === "dialog") return;
    event.preventDefault();
    if (repeat) return;
    if (target.matches("button")) target.click();
    else form.requestSubmit(mainButton(form));
  });
}
