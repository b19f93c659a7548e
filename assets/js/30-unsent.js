// Keeps what is typed and not sent: at the server, and in this browser while the line is lost or the session over. What
// lies here is kept under the account, goes to the server when it can, and goes away when somebody logs out.
{
  const leave = document.querySelector("form[data-person]");
  const prefix = `unsent:${leave?.dataset.person}:`;
  const DAY = 86400e3;
  const longest = 30 * DAY;
  // A little less than the server knows what was sent.
  const known = 23 * 3600e3;

  // Storage may be switched off: then nothing is kept here.
  const store = {
    keys: (of = prefix) => { try { return Object.keys(localStorage).filter((key) => key.startsWith(of)); } catch { return []; } },
    get: (key) => { try { return JSON.parse(localStorage.getItem(key)); } catch { return null; } },
    put: (id, entry) => { try { localStorage.setItem(prefix + id, JSON.stringify(entry)); return true; } catch { return false; } },
    drop: (key) => { try { localStorage.removeItem(key); } catch { /* it is not there either */ } },
  };

  // Nobody's words lie here for ever: those of others go when somebody else has signed in, and after a day where nobody has.
  for (const key of store.keys("unsent:")) {
    const left = key.startsWith(prefix) ? longest : leave ? 0 : DAY;
    if (!(Date.now() - store.get(key)?.at < left)) store.drop(key);
  }

  const send = (url, body, keepalive) => fetch(url, {
    method: "POST",
    body: new URLSearchParams(body),
    headers: { accept: "application/json" },
    keepalive,
  });

  // No password, no code, no file.
  const typed = (form) => {
    const pairs = new URLSearchParams();
    for (const [name, value] of new FormData(form)) {
      const input = form.elements.namedItem(name);
      if (typeof value !== "string" || input?.type === "password" || input?.autocomplete === "one-time-code") continue;
      pairs.append(name, value);
    }
    return pairs.toString();
  };

  // How one form is kept: `save(true)` where the page goes away.
  const keeper = (button) => {
    const form = button.form;
    const line = button.parentElement.querySelector("[role=status]");
    const url = new URL(button.formAction);
    let dirty = "again" in button.dataset;
    let busy = null;
    let timer = 0;
    let wait = 3000;
    let gone = false;
    let posted = false;
    const id = () => url.searchParams.get("draft");
    const here = (body) => !gone && store.put(id(), { url: url.pathname + url.search, body, at: Date.now(), page: location.pathname, sent: posted });
    const say = (word, time = "") => (line.textContent = `${line.dataset[word]} ${time}`.trim());
    const later = (ms) => { clearTimeout(timer); timer = setTimeout(save, ms); };

    // The server says where to go on: beside what another window has written there meanwhile.
    const moved = (said) => {
      store.drop(prefix + id());
      url.searchParams.set("draft", said.draft);
      url.searchParams.set("base", said.base);
      button.formAction = url.href;
      const action = new URL(form.getAttribute("action"), location.href);
      action.searchParams.set("draft", said.draft);
      action.searchParams.set("base", said.base);
      form.setAttribute("action", action.pathname + action.search);
    };

    const post = async (body, leaving) => {
      if (leaving) here(body);
      let [status, why] = [0, ""];
      try {
        const reply = await send(url, body, leaving);
        status = reply.status;
        if (!reply.ok) {
          why = (await reply.json().catch(() => ({}))).detail ?? "";
          throw new Error(status);
        }
        wait = 3000;
        const said = await reply.json();
        if (said.sent) return store.drop(prefix + id());
        moved(said);
        if (!dirty) form.dataset.kept = "yes";
        say("saved", said.at);
      } catch {
        const isHere = here(body);
        dirty = true;
        if (status >= 400 && status < 500 && status !== 401) return say("refused", why);
        say(isHere ? (status === 401 ? "ended" : "local") : "lost");
        if (!gone && !leaving) later(status === 401 ? 60000 : wait);
        wait = Math.min(2 * wait, 15000);
      }
    };

    const save = async (leaving = false) => {
      clearTimeout(timer);
      if (!dirty || form.dataset.sent) return;
      if (busy) {
        if (leaving) here(typed(form));
        else await busy;
        return leaving ? undefined : save();
      }
      dirty = false;
      busy = post(typed(form), leaving);
      await busy;
      busy = null;
    };

    const change = ({ target }) => {
      // Files are not kept, and what has no name is no part of what is sent.
      if (!target.name || target.type === "file") return;
      dirty = true;
      posted = false;
      delete form.dataset.kept;
      later(2500);
    };
    form.addEventListener("input", change);
    form.addEventListener("change", change);
    // Sent itself: should the line be lost on the way, it is still here, and the server knows whether it has come.
    form.addEventListener("submit", (event) => {
      if (event.submitter === button) return;
      posted = true;
      here(typed(form));
      // What waits to be saved would be saved after the files that are sent with it.
      if ("queue" in form.dataset) clearTimeout(timer);
    });
    // Not sent after all: it is kept as before.
    form.addEventListener("unreached", () => {
      dirty = true;
      save();
    });
    // Files are sent one by one with what the form says then (`detail`): that is kept no longer, what was written since is.
    form.addEventListener("registered", ({ detail }) => {
      const sent = new URLSearchParams(detail.filter(([, value]) => typeof value === "string"));
      store.drop(prefix + id());
      dirty = typed(form) !== sent.toString();
      if (dirty) return later(500);
      clearTimeout(timer);
      line.textContent = "";
    });
    form.addEventListener("anew", () => {
      clearTimeout(timer);
      dirty = posted = false;
      store.drop(prefix + id());
    });
    button.addEventListener("click", (event) => {
      event.preventDefault();
      dirty = true;
      save();
    });
    if (dirty) later(500);
    return { id, save, isDirty: () => dirty, end: () => (gone = true) };
  };

  const keepers = leave ? [...document.querySelectorAll("button[data-keep]")].map(keeper) : [];
  const saveAll = (leaving) => Promise.all(keepers.map((one) => one.save(leaving)));

  addEventListener("visibilitychange", () => saveAll(document.visibilityState === "hidden"));
  addEventListener("pagehide", () => saveAll(true));
  document.addEventListener("session-ending", () => saveAll(false));
  addEventListener("online", () => saveAll(false).then(bring));

  // Brings to the server what had to stay here. A page that has a form for it is read again, with it in.
  const bring = async () => {
    let isNews = false;
    for (const key of store.keys()) {
      const entry = store.get(key);
      const shown = keepers.find((one) => prefix + one.id() === key);
      // A form that is shown again has it already; so has one that is being written in.
      const isHere = shown?.isDirty();
      if (!entry || isHere || Date.now() - entry.at > (entry.sent ? known : longest)) {
        if (!isHere || document.querySelector("[data-keep][data-again]")) store.drop(key);
        continue;
      }
      // What was refused is tried again where it was written, and can be made shorter.
      if (entry.refused && entry.page !== location.pathname) continue;
      try {
        const reply = await send(entry.url, entry.body);
        if (reply.status === 404) store.drop(key);
        if (reply.status === 413 || reply.status === 422) store.put(key.slice(prefix.length), { ...entry, refused: true });
        if (!reply.ok) continue;
        const said = await reply.json();
        store.drop(key);
        isNews ||= !said.sent && said.page === location.pathname;
      } catch {
        return;
      }
    }
    const isFree = !document.querySelector("[data-keep][data-again]") && !keepers.some((one) => one.isDirty());
    if (isNews && isFree) location.reload();
  };
  if (leave) bring();

  // Who logs out leaves nothing behind; what is here goes to the server first, if that takes no long time.
  leave?.addEventListener("submit", (event) => {
    const kept = store.keys().map((key) => [key, store.get(key)]).filter(([, entry]) => entry);
    const end = () => {
      keepers.forEach((one) => one.end());
      store.keys().forEach(store.drop);
    };
    if (!kept.length && !keepers.some((one) => one.isDirty())) return end();
    event.preventDefault();
    const sent = [saveAll(false), ...kept.map(([, entry]) => send(entry.url, entry.body).catch(() => {}))];
    const wait = new Promise((done) => setTimeout(done, 1500));
    Promise.race([Promise.all(sent), wait]).then(() => {
      end();
      leave.submit();
    });
  });
}
