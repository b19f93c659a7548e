// Enhancement only: every page works without this. One module, no dependency.

// A form may have a field that is called "method".
const methodOf = (form) => form.getAttribute("method");

// Before a form is sent it is seen whether the program can be reached. If not, the page stays and says so; any answer, and
// none for three seconds, leave it to the browser. Files that go one by one see to it themselves.
{
  const asked = new WeakSet();
  const cleared = new WeakSet();
  const words = document.body.dataset;
  const isReached = () => {
    const late = new Promise((done) => setTimeout(done, 3000, true));
    // A server before the program answers for it so while it is down.
    const answer = fetch("/healthz", { cache: "no-store" }).then(({ status }) => status !== 502 && status !== 504, () => false);
    return Promise.race([answer, late]);
  };
  const tell = (form) => {
    const told = document.createElement("p");
    told.className = "field-error";
    told.id = "unreached";
    told.setAttribute("role", "alert");
    form.append(told);
    told.textContent = (form.querySelector("[data-keep]") && words.unreachedKept) || words.unreached;
    told.scrollIntoView({ block: "nearest" });
    form.dispatchEvent(new Event("unreached"));
  };
  document.addEventListener(
    "submit",
    async (event) => {
      const { target: form, submitter } = event;
      if (methodOf(form) !== "post" || "queue" in form.dataset || !form.requestSubmit || !words.unreached) return;
      if (cleared.delete(form)) return;
      event.preventDefault();
      event.stopImmediatePropagation();
      if (asked.has(form) || form.dataset.sent) return;
      asked.add(form);
      form.setAttribute("aria-busy", "true");
      document.getElementById("unreached")?.remove();
      const isThere = await isReached();
      asked.delete(form);
      form.removeAttribute("aria-busy");
      if (!isThere) return tell(form);
      cleared.add(form);
      form.requestSubmit(submitter);
    },
    true,
  );
}

// Whoever opens the search on a phone goes on in it.
document.querySelector(".top-fold")?.addEventListener("toggle", ({ target }) => target.open && target.nextElementSibling.querySelector("input").focus());

// Sends a form once: a second press does nothing until the page comes back.
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (methodOf(form) === "dialog") return;
  if (form.dataset.sent) return event.preventDefault();
  if (methodOf(form) === "post") {
    form.dataset.sent = "yes";
    form.setAttribute("aria-busy", "true");
  }
});
addEventListener("pageshow", () => {
  for (const form of document.querySelectorAll("form[data-sent]")) {
    delete form.dataset.sent;
    form.removeAttribute("aria-busy");
  }
});

// In a search within a form the Enter key presses its own button. Without a script it presses the form's, which searches
// where something else is looked for than before.
document.addEventListener("keydown", (event) => {
  const { target, key, isComposing } = event;
  if (key !== "Enter" || isComposing || target.type !== "search") return;
  const find = target.form?.querySelector("button[name=find]");
  if (!find) return;
  event.preventDefault();
  find.click();
});

// Keeps empty filters out of the address.
for (const form of document.querySelectorAll("form[data-tidy]")) {
  form.addEventListener("formdata", ({ formData }) => {
    for (const name of [...formData.keys()]) {
      const kept = formData.getAll(name).filter((value) => value !== "");
      formData.delete(name);
      for (const value of kept) formData.append(name, value);
    }
  });
}

// After a form was sent, what became of it is read first; the part of the page that was asked for stays in view.
document.querySelector("[data-focus]")?.focus({ preventScroll: Boolean(location.hash) });

// Copies a hash as one word, though it is shown in groups; also one that a script adds, which tells it by "fresh".
const copyable = (place) => {
  if (!navigator.clipboard) return;
  const button = document.createElement("button");
  button.type = "button";
  button.className = "copy button-quiet button-small";
  button.textContent = place.dataset.copyLabel;
  button.addEventListener("click", async () => {
    await navigator.clipboard.writeText(place.dataset.copy);
    button.textContent = place.dataset.copiedLabel;
  });
  place.append(button);
};
for (const place of document.querySelectorAll("[data-copy]")) copyable(place);
document.addEventListener("fresh", ({ target }) => target.querySelectorAll("[data-copy]").forEach(copyable));

// Says which files were chosen; a file may be dropped anywhere on the field.
for (const field of document.querySelectorAll("[data-drop]")) {
  const input = field.querySelector("input[type=file]");
  const list = document.createElement("p");
  list.className = "chosen";
  list.setAttribute("role", "status");
  field.append(list);
  input.addEventListener("change", () => {
    const names = [...input.files].map((file) => file.name);
    list.textContent = names.length ? `${field.dataset.chosen} ${names.length} · ${names.slice(0, 5).join(", ")}${names.length > 5 ? " …" : ""}` : "";
  });
  for (const kind of ["dragenter", "dragover", "dragleave", "drop"]) {
    field.addEventListener(kind, (event) => {
      field.classList.toggle("dragging", kind === "dragenter" || kind === "dragover");
      if (event.target === input) return;
      event.preventDefault();
      if (kind === "drop" && event.dataTransfer.files.length) {
        input.files = event.dataTransfer.files;
        input.dispatchEvent(new Event("change"));
      }
    });
  }
}

// Ticks all boxes of a table, and tells how many are ticked: <input type="checkbox" data-all="items">.
{
  const boxesOf = (all) => [...document.getElementsByName(all.dataset.all)];
  const tell = () => {
    for (const all of document.querySelectorAll("[data-all]")) {
      const boxes = boxesOf(all);
      const ticked = boxes.filter((box) => box.checked).length;
      all.checked = ticked > 0 && ticked === boxes.length;
      all.indeterminate = ticked > 0 && !all.checked;
    }
  };
  document.addEventListener("change", ({ target }) => {
    if (target.dataset.all) for (const box of boxesOf(target)) box.checked = target.checked;
    tell();
  });
  // A browser that comes back to the page may have ticked boxes as they were left; rows may come anew.
  addEventListener("pageshow", tell);
  document.addEventListener("fresh", tell);
}

// Warns before leaving a long form with changes: <form data-guard>.
for (const form of document.querySelectorAll("form[data-guard]")) {
  let changed = false;
  form.addEventListener("input", () => (changed = true));
  addEventListener("beforeunload", (event) => changed && !form.dataset.sent && !form.dataset.kept && event.preventDefault());
}

// Follows long work: fetches the page again and swaps the element of the same id, until it asks no more.
const follow = async (place) => {
  const wait = (ms) => new Promise((done) => setTimeout(done, ms));
  for (let pause = 2000; place.dataset.refresh; ) {
    await wait(pause);
    if (document.hidden) continue;
    try {
      const reply = await fetch(place.dataset.refresh, { headers: { accept: "text/html" } });
      if (!reply.ok) throw new Error(reply.status);
      const page = new DOMParser().parseFromString(await reply.text(), "text/html");
      const fresh = page.getElementById(place.id);
      if (!fresh || !fresh.dataset.refresh) return location.reload();
      place.replaceChildren(...fresh.childNodes);
      pause = 2000;
    } catch {
      pause = Math.min(pause * 2, 30000);
    }
  }
};
for (const place of document.querySelectorAll("[data-refresh]")) follow(place);

// Nothing is folded on paper. Where the style cannot see to it, folds are open for as long as the page is printed.
if (!CSS.supports("selector(::details-content)")) {
  let opened = [];
  addEventListener("beforeprint", () => {
    opened = [...document.querySelectorAll("main details:not([open])")];
    for (const fold of opened) fold.open = true;
  });
  addEventListener("afterprint", () => {
    for (const fold of opened.splice(0)) fold.open = false;
  });
}
