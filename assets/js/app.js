// Enhancement only: every page works without this. One module, no dependency.

// Sends a form once: a second press does nothing until the page comes back.
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (form.method === "dialog") return;
  if (form.dataset.sent) return event.preventDefault();
  if (form.method === "post") {
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

// After a refused form, the summary is read first.
document.querySelector("[data-focus]")?.focus();

// Copies a hash as one word, though it is shown in groups.
for (const place of document.querySelectorAll("[data-copy]")) {
  if (!navigator.clipboard) break;
  const button = document.createElement("button");
  button.type = "button";
  button.className = "copy button-quiet button-small";
  button.textContent = place.dataset.copyLabel;
  button.addEventListener("click", async () => {
    await navigator.clipboard.writeText(place.dataset.copy);
    button.textContent = place.dataset.copiedLabel;
  });
  place.append(button);
}

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

// Ticks all boxes of a table: <input type="checkbox" data-all="items">.
for (const all of document.querySelectorAll("[data-all]")) {
  all.addEventListener("change", () => {
    for (const box of document.getElementsByName(all.dataset.all)) box.checked = all.checked;
  });
}

// Warns before leaving a long form with changes: <form data-guard>.
for (const form of document.querySelectorAll("form[data-guard]")) {
  let changed = false;
  form.addEventListener("input", () => (changed = true));
  addEventListener("beforeunload", (event) => changed && !form.dataset.sent && event.preventDefault());
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
