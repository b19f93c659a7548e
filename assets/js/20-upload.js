// Files for <form data-queue> go one by one, each with what the form says when its button is pressed: progress, speed and
// the time left, pause, cancel and retry, hashes when it is done. Without a script the form sends them all at once.
{
  const { byForm, inParts, LARGE, UPLOADS, markOf, newWord, wait } = sending;
  const sizeOf = (bytes) => {
    if (bytes < 1024) return `${Math.round(bytes)} B`;
    const unit = ["KB", "MB", "GB", "TB"];
    let at = 0;
    for (bytes /= 1024; bytes >= 1023.95 && at < 3; at++) bytes /= 1024;
    return `${bytes.toFixed(1)} ${unit[at]}`;
  };
  const clock = (seconds) => `${Math.floor(seconds / 60)}:${String(Math.floor(seconds % 60)).padStart(2, "0")}`;
  const fill = (text, values) => text.replace(/\{(\w+)\}/g, (_, name) => values[name]);

  // What a computer puts into folders for itself.
  const OWN = /(^|\/)(\.DS_Store|Thumbs\.db|desktop\.ini|\._[^/]*)$/i;
  const inFolder = async (entry) => {
    if (entry.isFile) {
      const file = await new Promise((done, failed) => entry.file(done, failed));
      return [{ file, path: entry.fullPath.slice(1) }];
    }
    const reader = entry.createReader();
    const found = [];
    for (;;) {
      // A folder gives its entries in parts.
      const part = await new Promise((done, failed) => reader.readEntries(done, failed));
      if (!part.length) return found;
      for (const one of part) found.push(...(await inFolder(one)));
    }
  };

  const TONES = { waiting: "neutral", paused: "neutral", sending: "info", registering: "info", done: "good", again: "warn", failed: "bad", cancelled: "muted" };
  const ACTS = { pause: ["sending"], resume: ["paused"], cancel: ["sending", "paused"], retry: ["failed", "cancelled"], remove: ["waiting", "failed", "cancelled"] };
  // After these the files that wait would fare no better; after those it depends on whether any would be taken.
  const FOR_ALL = [0, 401, 403, 503, 507];
  const FOR_ONE = [404, 409];

  const begin = (form) => {
    const { origin, pathname } = new URL(form.action);
    const url = origin + pathname;
    // What is kept of the details while they are not sent goes with the first file that is registered with them.
    const place = (word) => {
      const of = new URL(form.action).searchParams;
      const said = { once: word, draft: of.get("draft"), before: of.get("once"), base: of.get("base") };
      return `?${new URLSearchParams(Object.entries(said).filter(([, value]) => value))}`;
    };
    const box = form.querySelector("[data-queue-box]");
    const words = box.dataset;
    const list = box.querySelector("ol");
    const sum = box.querySelector("[role=status]");
    const input = form.querySelector("input[type=file][name]");
    const field = input.closest(".field");
    const rows = [];
    let registered = [];
    field.removeAttribute("data-drop"); // files go into the queue
    input.removeAttribute("aria-required");
    const folder = form.querySelector("input[webkitdirectory]");
    if (!("webkitdirectory" in folder)) folder.closest(".field").hidden = true;

    const count = (...states) => rows.filter((row) => states.includes(row.state)).length;
    const tell = (more = "") => {
      const figures = { done: count("done", "again"), all: rows.length, failed: count("failed") };
      const text = rows.length ? fill(words.sum, figures) : "";
      sum.textContent = [text, more].filter(Boolean).join(" · ");
    };
    const show = (row, state, why = "") => {
      const had = row.place.contains(document.activeElement);
      const part = (name) => row.place.querySelector(`[data-${name}]`);
      row.state = state;
      row.place.dataset.state = state;
      part("state").textContent = words[state];
      part("state").className = `chip chip-${TONES[state]}`;
      part("why").textContent = why;
      part("why").hidden = !why;
      part("progress").hidden = !["sending", "registering"].includes(state);
      part("own").hidden = !ACTS.remove.includes(state);
      for (const button of row.place.querySelectorAll("button[data-act]"))
        button.hidden = !ACTS[button.dataset.act].includes(state) || (row.hopeless && button.dataset.act === "retry") || (!row.mark && button.dataset.act === "pause");
      // Whoever pressed a button that is gone is left at its row, not at the top of the page.
      if (had && !document.activeElement?.checkVisibility?.())
        (row.place.querySelector("button:not([hidden])") ?? row.place).focus();
    };
    const measure = (row, bytes) => {
      const now = performance.now();
      const [then, before] = row.seen ?? [now, bytes];
      if (row.seen && now - then < 400 && bytes < row.file.size) return;
      if (now > then) {
        const speed = ((bytes - before) / (now - then)) * 1000;
        row.speed = row.speed ? row.speed * 0.7 + speed * 0.3 : speed;
      }
      row.seen = [now, bytes];
      const done = Math.min(bytes / row.file.size, 1);
      const left = row.speed ? fill(words.left, { time: clock(Math.max(row.file.size - bytes, 0) / row.speed) }) : "";
      const speed = row.speed ? `${sizeOf(row.speed)}/s` : "";
      row.place.querySelector("progress").value = done;
      row.place.querySelector("[data-figures]").textContent = [`${Math.floor(done * 100)}%`, speed, left].filter(Boolean).join(" · ");
    };

    // The details of the form, without its files and its word.
    const details = () => [...new FormData(form)].filter(([name]) => name !== input.name);
    const fieldsOf = (row) => {
      const own = row.place.querySelector("[data-own] input").value.trim();
      const said = row.details.filter(([name]) => !(own && name === "description"));
      if (own) said.push(["description", own]);
      if (row.path.includes("/")) said.push(["path", row.path]);
      return [...said, ["file", row.file]];
    };

    // What is wrong with the details, as the page tells it that comes without a script: in a summary, which gets the focus, and
    // beside the fields; true where there is anything.
    const summary = form.querySelector("[data-queue-faults]");
    const faults = (errors = []) => {
      form.querySelector("#errors")?.remove();
      for (const old of form.querySelectorAll(".field > .field-error")) {
        old.parentNode.classList.remove("field-bad");
        const of = document.getElementById(old.id.slice(0, -6));
        of?.removeAttribute("aria-invalid");
        of?.setAttribute("aria-describedby", (of.getAttribute("aria-describedby") ?? "").replace(old.id, "").trim());
        old.remove();
      }
      const lines = summary.querySelector("ul");
      lines.replaceChildren();
      summary.hidden = !errors.length;
      const place = ({ field: name }) => [...form.elements].indexOf(form.elements[name]);
      errors.sort((a, b) => place(a) - place(b));
      for (const { field: name, message } of errors) {
        const at = form.elements[name];
        const [line, link, told] = ["li", "a", "p"].map((tag) => document.createElement(tag));
        lines.append(line);
        line.textContent = message;
        if (!at?.id) continue;
        link.href = `#${at.id}`;
        link.textContent = at.labels[0].firstChild.data.trim() + lines.dataset.colon + message;
        line.replaceChildren(link);
        told.className = "field-error";
        told.id = `${at.id}-error`;
        told.textContent = message;
        at.setAttribute("aria-invalid", "true");
        at.setAttribute("aria-describedby", `${at.getAttribute("aria-describedby") ?? ""} ${told.id}`.trim());
        const around = at.closest(".field");
        around.classList.add("field-bad");
        around.append(told);
        around.closest("details")?.setAttribute("open", "");
      }
      summary.focus();
      return errors.length > 0;
    };
    // Whether a file would be taken now, before the bytes of large ones are on their way; gives the answer.
    const check = () =>
      new Promise((done) => {
        const fields = [...details(), ["check", "yes"]];
        byForm.send(`${url}?once=${newWord()}`, fields, { answer: (status, body) => done({ status, body }) });
      });
    const reason = (body) => body.detail || body.title || words.broken;

    // All of them are registered, and nothing was typed since: the form begins anew. Who collects them stays the same.
    let last = null;
    const texts = (pairs) => new URLSearchParams(pairs.filter(([, value]) => typeof value === "string")).toString();
    const beginAnew = (page) => {
      if (!last || count("done", "again") < rows.length || texts(details()) !== texts(last.details)) return;
      for (const at of form.elements) {
        const first = at.id && at.name && at.name !== "collected_by" && at.type !== "file" && page.getElementById(at.id);
        if (!first) continue;
        if (["checkbox", "radio"].includes(at.type)) at.checked = first.checked;
        else at.value = first.value;
      }
      for (const said of form.querySelectorAll("output")) said.textContent = "";
      form.parentElement.querySelector(".notice.unsent")?.remove();
      form.dispatchEvent(new Event("anew"));
      last = null;
    };
    const refresh = async () => {
      const [first] = registered;
      registered = [];
      const here = new URL(location.href);
      here.searchParams.set("unsent", "none");
      here.searchParams.delete("ok");
      const reply = await fetch(here, { headers: { accept: "text/html" } });
      if (!reply.ok) return;
      const page = new DOMParser().parseFromString(await reply.text(), "text/html");
      beginAnew(page);
      for (const place of document.querySelectorAll("[data-queue-fresh]")) {
        const fresh = page.getElementById(place.id);
        // What somebody is filling in stays.
        if (!fresh || (place.querySelector("form") && place.childElementCount)) continue;
        const ticked = [...place.querySelectorAll("input:checked")].map((box) => box.id);
        const at = place.contains(document.activeElement) ? document.activeElement.id : "";
        place.replaceChildren(...fresh.childNodes);
        for (const id of ticked) if (document.getElementById(id)) document.getElementById(id).checked = true;
        if (at) document.getElementById(at)?.focus();
        place.dispatchEvent(new Event("fresh", { bubbles: true }));
      }
      arrive(first);
    };
    // When all is done, whoever waited for it is led to what is new; whoever types meanwhile, or has to retry, goes on there.
    const arrive = (id) => {
      const at = document.activeElement;
      if (at?.matches("input:not([type=file]), textarea, select") && at.value) return;
      if (rows.some(({ state, hopeless }) => state === "failed" && !hopeless) || count("sending", "registering")) return;
      (document.getElementById(`n-${id}`) ?? list.querySelector("[data-name] a"))?.focus();
    };
    const pump = () => {
      // The next one starts when the last one is registered, as a small one would overtake it: they are numbered in their order.
      const next = rows.find((row) => row.state === "waiting" && row.details);
      if (next && !count("sending", "registering")) start(next);
      if (registered.length && !count("sending", "registering")) refresh().catch(() => {});
      tell();
    };
    const start = (row) => {
      row.seen = row.speed = row.cut = undefined;
      row.turn = (row.turn ?? 0) + 1;
      show(row, "sending");
      measure(row, 0);
      const on = {
        progress: (bytes) => row.state === "sending" && measure(row, Math.min(bytes, row.file.size)),
        lost: () => (row.place.querySelector("[data-figures]").textContent = words.lost),
        sent: () => {
          measure(row, row.file.size);
          show(row, "registering");
          pump();
        },
        answer: (status, body) => answered(row, status, body),
      };
      const fields = fieldsOf(row);
      // As texts that UTF-8 can hold, whatever the name of a file is.
      const said = new URLSearchParams([...fields.slice(0, -1), ["filename", row.file.name], ["mark", row.mark]]);
      const told = JSON.stringify(Object.fromEntries(said));
      // What was sent with the first bytes is what is registered: with other details it begins anew.
      if (row.mark && row.told !== undefined && row.told !== told) {
        inParts.drop(row.upload);
        forget(row);
      }
      row.stop = row.mark ? inParts.send(row, UPLOADS + place(row.word), pathname.split("/")[2], told, on) : byForm.send(url + place(row.word), fields, on);
    };
    const forget = (row) => {
      row.upload = "";
      row.told = undefined;
      row.word = newWord();
    };
    const answered = async (row, status, body) => {
      if (status === 404 || status === 410) forget(row);
      if (body.id) {
        registered.push(body.id);
        last = row;
        form.dispatchEvent(new CustomEvent("registered", { detail: row.details }));
        const link = document.createElement("a");
        link.href = body.url;
        link.textContent = body.name;
        row.place.querySelector("[data-name]").replaceChildren(link);
        for (const place of row.place.querySelectorAll("[data-hash]")) {
          const hash = body[place.dataset.hash];
          const groups = hash.match(/.{1,4}/g).map((four) => Object.assign(document.createElement("span"), { textContent: four }));
          place.querySelector("code").replaceChildren(...groups);
          place.dataset.copy = hash;
        }
        row.place.querySelector("[data-hashes]").hidden = false;
        const differs = row.place.querySelector("[data-differs]");
        differs.textContent = body.warning;
        differs.hidden = !body.warning;
        row.place.dispatchEvent(new Event("fresh", { bubbles: true }));
        show(row, body.again ? "again" : "done");
        return pump();
      }
      // A refusal may come before the bytes were read, and break the line: then it is asked for without them. What only the
      // line broke goes once more when that is back.
      const { turn } = row;
      const isOn = () => row.turn === turn && ["sending", "registering"].includes(row.state);
      for (let pause = 500; !status && pause < 32000 && isOn(); pause *= 2) {
        ({ status, body } = await check());
        if (status) break;
        if (isOn()) row.place.querySelector("[data-figures]").textContent = words.lost;
        await wait(pause);
      }
      if (!isOn()) return pump(); // stopped meanwhile
      if (status === 204 && (row.tries = (row.tries ?? 0) + 1) < 4) return start(row);
      row.tries = 0;
      const forAll = FOR_ALL.includes(status) || (FOR_ONE.includes(status) && FOR_ONE.includes((await check()).status));
      if (isOn()) {
        show(row, "failed", status < 400 ? words.broken : reason(body));
        if (!status) row.cut = row.details;
      }
      for (const other of rows)
        if (forAll && other.state === "waiting" && other.details) {
          other.cut = status ? null : other.details;
          other.details = null;
        }
      pump();
    };
    // What only a broken line stopped goes on when that is back.
    addEventListener("online", () => {
      for (const row of rows)
        if (row.cut && ["waiting", "failed"].includes(row.state)) {
          row.details ??= row.cut;
          show(row, "waiting");
        }
      pump();
    });

    // A file that is on its way already goes on.
    const goOn = async (row) => {
      row.mark = await markOf(row.file);
      const same = ({ dataset: of }) => of.name === row.file.name && Number(of.size) === row.file.size && of.mark === row.mark;
      const kept = [...form.querySelectorAll("[data-upload]")].find(same);
      if (!kept || row.state !== "waiting") return;
      row.upload = kept.dataset.upload;
      kept.remove();
      row.details = [];
      pump();
    };
    const add = (found) => {
      const own = found.filter(({ path }) => OWN.test(path));
      const kept = found.filter(({ path }) => !OWN.test(path));
      // Files stay in the order in which they are given; a folder gives its own in none.
      const isIn = ({ path }) => path.includes("/");
      const sorted = kept.filter(isIn).sort((a, b) => a.path.localeCompare(b.path, undefined, { numeric: true }));
      for (const { file, path } of [...kept.filter((one) => !isIn(one)), ...sorted]) {
        const place = box.querySelector("template").content.firstElementChild.cloneNode(true);
        const row = { file, path, place, word: newWord(), state: "", details: null, hopeless: !file.size };
        place.querySelector("[data-name]").textContent = file.name;
        place.querySelector("[data-size]").textContent = sizeOf(file.size);
        place.querySelector("progress").setAttribute("aria-label", file.name);
        const from = place.querySelector("[data-place]");
        from.hidden = !path.includes("/");
        from.textContent = fill(words.place, { path });
        for (const button of place.querySelectorAll("button")) button.append(Object.assign(document.createElement("span"), { className: "hidden", textContent: ` ${file.name}` }));
        rows.push(row);
        list.append(place);
        place.row = row;
        show(row, row.hopeless ? "failed" : "waiting", row.hopeless ? words.empty : "");
        if (file.size > LARGE) row.known = goOn(row).catch(() => {});
      }
      if (document.getElementById(`${input.id}-error`)) faults();
      tell(own.length ? fill(words.leftOut, { names: own.map(({ path }) => path).join(" · ") }) : "");
    };
    const chosen = (files) => add([...files].map((file) => ({ file, path: file.webkitRelativePath || file.name })));
    for (const one of [input, folder]) {
      // The browser says there that no file is chosen: what is, the list says.
      one.setAttribute("aria-describedby", `${one.getAttribute("aria-describedby")} queue-sum`);
      one.addEventListener("change", () => {
        chosen(one.files);
        one.value = "";
      });
    }
    if (input.files.length) input.dispatchEvent(new Event("change")); // chosen before the script came

    list.addEventListener("click", ({ target }) => {
      const act = target.closest("button")?.dataset.act;
      const row = target.closest("li")?.row;
      if (!act || !row) return;
      if (act === "pause") {
        row.stop();
        show(row, "paused");
      } else if (act === "cancel") {
        row.stop(true);
        row.details = null;
        inParts.drop(row.upload);
        forget(row);
        show(row, "cancelled");
      } else if (act === "resume") {
        show(row, "waiting");
      } else if (act === "retry") {
        return send([row]);
      } else {
        inParts.drop(row.upload);
        const near = (row.place.nextElementSibling ?? row.place.previousElementSibling)?.querySelector("button:not([hidden])");
        rows.splice(rows.indexOf(row), 1);
        row.place.remove();
        (near ?? input).focus();
      }
      pump();
    });
    form.addEventListener("click", ({ target }) => {
      const button = target.closest("[data-drop]");
      if (!button) return;
      inParts.drop(button.dataset.drop);
      button.closest("li").remove();
      input.focus();
    });
    // Lets files go with what the form says now, unless that is refused: then they stay as they are.
    const send = async (some) => {
      const { status, body } = await check();
      if (faults(status === 422 ? body.errors : [])) return tell();
      if (status !== 204) return tell(reason(body));
      // Large ones are known by then, and go in parts.
      await Promise.all(some.map(({ known }) => known));
      for (const row of some.filter(({ state }) => ["waiting", "failed", "cancelled"].includes(state))) {
        row.details = details();
        if (row.state !== "waiting") show(row, "waiting");
      }
      pump();
    };
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      event.stopPropagation(); // this form is sent as often as there are files
      const ready = rows.filter((row) => ["waiting", "failed"].includes(row.state) && !row.hopeless);
      if (ready.length) send(ready);
      else faults([{ field: input.name, message: words.none }]);
    });

    // Files and folders may be dropped anywhere on the page; elsewhere a browser would open them and leave it.
    for (const kind of ["dragenter", "dragover", "dragleave", "drop"])
      document.addEventListener(kind, async (event) => {
        const { dataTransfer } = event;
        if (!dataTransfer?.types.includes("Files")) return;
        event.preventDefault();
        field.classList.toggle("dragging", kind === "dragenter" || kind === "dragover");
        if (kind !== "drop") return;
        const entries = [...dataTransfer.items].map((item) => item.webkitGetAsEntry?.()).filter(Boolean);
        if (!entries.length) return chosen(dataTransfer.files);
        const found = [];
        const unread = [];
        for (const entry of entries) {
          try {
            found.push(...(await inFolder(entry)));
          } catch {
            unread.push(entry.name);
          }
        }
        add(found);
        if (unread.length) tell(fill(words.unread, { names: unread.join(" · ") }));
        box.scrollIntoView({ block: "nearest" });
      });
    addEventListener("beforeunload", (event) => {
      if (count("waiting", "sending", "registering")) event.preventDefault();
    });
  };
  for (const form of document.querySelectorAll("form[data-queue]")) begin(form);
}
