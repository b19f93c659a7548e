// Forms: pickers that suggest, dates and amounts said back, a calendar beside a date. Each works without this as well.
{
  // The Enter key that takes a word of Chinese input takes nothing else. Safari ends the input before it sends that key, and
  // tells it by the code 229 alone.
  const composes = (event) => event.isComposing || event.keyCode === 229;
  document.addEventListener(
    "keydown",
    (event) => {
      if (event.key !== "Enter" || !composes(event)) return;
      event.stopImmediatePropagation();
      if (event.target.tagName === "INPUT") event.preventDefault();
    },
    true,
  );

  const element = (name, attributes) => Object.assign(document.createElement(name), attributes);
  const later = (ms, act) => {
    let timer;
    return () => {
      clearTimeout(timer);
      timer = setTimeout(act, ms);
    };
  };
  const ask = async (path, query) => {
    try {
      const reply = await fetch(`/pick/${path}?${new URLSearchParams(query)}`, { headers: { accept: "application/json" } });
      return reply.ok && !reply.redirected ? await reply.json() : null;
    } catch {
      return null;
    }
  };

  // A text field with a list of what fits (WAI-ARIA combobox).
  const picker = (input) => {
    const { pick: kind, pickTicks: ticks } = input.dataset;
    const parts = /^([\s\S]*[、,，;；\n]\s*)?([^、,，;；\n]*)$/;
    const [list, said] = [element("ul", { id: `${input.id}-list`, className: "pick-list", hidden: true }), element("p", { className: "hidden" })];
    const [before, text] = "pickMany" in input.dataset ? [() => input.value.match(parts)[1] ?? "", () => input.value.match(parts)[2]] : [() => "", () => input.value];
    let [found, active, chosen] = [[], -1, false];
    list.setAttribute("role", "listbox");
    list.setAttribute("aria-label", input.dataset.pickList ?? "");
    said.setAttribute("role", "status");
    const holder = input.parentElement;
    holder.classList.add("has-list");
    holder.append(list, said);
    holder.querySelector("[data-pick-seek]")?.remove();
    input.removeAttribute("list");
    for (const [name, value] of [["role", "combobox"], ["aria-autocomplete", "list"], ["aria-expanded", "false"], ["aria-controls", list.id]]) input.setAttribute(name, value);

    const mark = (place) => {
      active = place;
      [...list.children].forEach((item, n) => item.setAttribute("aria-selected", n === place));
      if (place < 0) return input.removeAttribute("aria-activedescendant");
      input.setAttribute("aria-activedescendant", list.children[place].id);
      list.children[place].scrollIntoView({ block: "nearest" });
    };
    const show = (rows) => {
      found = rows;
      list.replaceChildren(
        ...rows.map((row, n) => {
          const item = element("li", { id: `${list.id}-${n}` });
          item.setAttribute("role", "option");
          item.append(element("span", { textContent: row.label }), element("small", { textContent: row.note }));
          return item;
        }),
      );
      list.hidden = !rows.length;
      input.setAttribute("aria-expanded", rows.length > 0);
      mark(-1);
      if (rows.length) open();
    };
    // Where there is no room below (a keyboard on the screen takes some) the page moves, and the label stays in sight; where it
    // can't, it opens upwards.
    const open = () => {
      const { offsetTop, height } = window.visualViewport ?? { offsetTop: 0, height: innerHeight };
      const isCut = () => list.getBoundingClientRect().bottom > offsetTop + height;
      list.classList.remove("is-above");
      if (isCut()) (input.closest(".field") ?? input).scrollIntoView({ block: "start", behavior: "instant" });
      if (isCut() && list.offsetHeight < holder.getBoundingClientRect().top - offsetTop) list.classList.add("is-above");
    };
    const close = () => show([]);
    const choose = (row) => {
      close();
      if (ticks) {
        const word = CSS.escape(row.value);
        const box = document.querySelector(`input[name="${ticks}"]:is([value="${word}"], [data-code="${word}"])`);
        if (!box) {
          // It is not on the page: looked for by its code, it is.
          input.value = row.value;
          return input.form.querySelector("button[name=find]")?.click();
        }
        box.checked = true;
        const fold = box.closest("details");
        const place = fold && document.querySelector(`[data-ticked="${ticks}"]`);
        if (place) place.append(box.closest("li"));
        else fold?.setAttribute("open", "");
        box.dispatchEvent(new Event("change", { bubbles: true }));
        said.textContent = `${input.dataset.pickTicked ?? ""} ${row.label}`;
        said.className = "hint";
        input.value = "";
      } else {
        input.value = before() + row.value;
        said.textContent = "";
      }
      chosen = true;
      input.dispatchEvent(new Event("input", { bubbles: true }));
    };
    const suggest = later(150, async () => {
      const sought = text().trim();
      if (!sought) return close();
      const rows = await ask(kind, { q: sought });
      if (sought !== text().trim() || document.activeElement !== input) return;
      show(rows ?? []);
      said.className = "hidden";
      said.textContent = rows && !rows.length ? (input.dataset.pickNone ?? "") : "";
    });
    const typed = (event) => {
      if (event.isComposing) return;
      if (chosen) return (chosen = false);
      for (const one of document.getElementsByName(`${input.name}.pick`)) one.checked = false;
      suggest();
    };
    input.addEventListener("input", typed);
    // Chrome sends no input after it that is not of the composing, and what was picked before must not stay.
    input.addEventListener("compositionend", typed);
    input.addEventListener("blur", close);
    list.addEventListener("mousedown", (event) => event.preventDefault());
    list.addEventListener("click", (event) => {
      const place = [...list.children].indexOf(event.target.closest("li"));
      if (place >= 0) choose(found[place]);
    });
    input.addEventListener("keydown", (event) => {
      if (composes(event)) return;
      const last = found.length - 1;
      const next = { ArrowDown: active < last ? active + 1 : 0, ArrowUp: active > 0 ? active - 1 : last, Home: 0, End: last }[event.key];
      if (last < 0) {
        if (event.key === "ArrowDown") suggest();
      } else if (event.key === "Escape") {
        event.preventDefault();
        event.stopPropagation();
        close();
      } else if (event.key === "Enter" && (active >= 0 || ticks)) {
        event.preventDefault();
        event.stopImmediatePropagation();
        // What is looked for to be ticked is not sent: the first that fits is marked, for another Enter to take.
        if (active < 0) mark(0);
        else choose(found[active]);
      } else if (next !== undefined && (active >= 0 || event.key.startsWith("Arrow"))) {
        event.preventDefault();
        mark(next);
      }
    });
  };
  document.querySelectorAll("input[data-pick]").forEach(picker);

  // What was typed, said back. What can't be read yet is a fault only once the field is left.
  for (const input of document.querySelectorAll("[data-reads]")) {
    const place = document.getElementById(`${input.id}-read`);
    const beside = document.getElementById(input.dataset.readsWith ?? "");
    if (!place) continue;
    const tell = async (isLeft) => {
      const q = input.value.trim();
      const told = q ? await ask("reading", { kind: input.dataset.reads, q, with: beside?.value ?? "" }) : { text: "", is_understood: true };
      if (q !== input.value.trim()) return;
      // The answer to the last letter may come when the field is left already. Without one nothing is said, least of all what
      // was said of what stood there before.
      place.textContent = told && (told.is_understood || isLeft || document.activeElement !== input) ? told.text : "";
      place.classList.toggle("is-unread", told?.is_understood === false);
      // The answer to the form may have said so already, beside the same field.
      place.hidden = place.textContent !== "" && document.getElementById(`${input.id}-error`)?.textContent === place.textContent;
      input.dispatchEvent(new Event("read", { bubbles: true }));
    };
    const soon = later(300, () => tell(false));
    input.addEventListener("input", (event) => event.isComposing || soon());
    input.addEventListener("compositionend", soon);
    input.addEventListener("change", () => tell(true));
    beside?.addEventListener("change", () => tell(true));
  }

  // What was wrong with a field is told as changed once it is, beside it and in the summary: whether it is right now, the answer
  // to the form says.
  const { changed } = document.body.dataset;
  const around = (at) => at.closest(".field, fieldset:not(.picks-found)");
  const outdated = ({ target }) => {
    const field = around(target);
    const error = field?.querySelector(":scope > .field-error:not(.is-changed)");
    if (!error) return;
    for (const at of [field, ...field.querySelectorAll("[aria-invalid]")]) if (around(at) === field) at.removeAttribute("aria-invalid");
    field.classList.remove("field-bad");
    const line = document.querySelector(`.faults a[href="#${error.id.replace("-error", "")}"]`)?.parentElement;
    error.textContent = changed;
    line?.append(` · ${changed}`);
    for (const place of [error, line]) place?.classList.add("is-changed");
  };
  for (const kind of ["input", "change"]) document.addEventListener(kind, outdated);

  // Two versions of a field to choose from: whoever goes on writing in it takes their own, and it says so where the other is taken.
  for (const choice of document.querySelectorAll("[data-merges]")) {
    const [mine, theirs] = choice.querySelectorAll("input[type=radio]");
    const isOf = ({ name = "" }) => choice.dataset.merges.split(" ").includes(name.replace(/\.pick$/, ""));
    const line = element("p", { className: "hint", hidden: true });
    line.setAttribute("role", "status");
    const shown = ({ type }) => type !== "hidden";
    [...mine.form.elements].filter(shown).find(isOf)?.closest(".field, fieldset")?.append(line);
    const told = ({ target }) => {
      if (isOf(target) && theirs.checked) mine.checked = true;
      line.hidden = !theirs.checked;
      line.textContent = theirs.checked ? choice.dataset.mergeLeft : "";
    };
    for (const kind of ["input", "change"]) mine.form.addEventListener(kind, told);
    told({ target: choice });
  }

  // A calendar beside a field for dates.
  for (const holder of document.querySelectorAll("[data-calendar]")) {
    if (!HTMLInputElement.prototype.showPicker) break;
    const input = holder.querySelector("input");
    const day = element("input", { type: holder.dataset.calendar, tabIndex: -1, className: "calendar-day" });
    day.setAttribute("aria-hidden", "true");
    const button = element("button", { type: "button", className: "button-quiet calendar", textContent: "▦", title: holder.dataset.calendarLabel });
    button.setAttribute("aria-label", holder.dataset.calendarLabel);
    button.addEventListener("click", () => {
      day.value = /^\d{4}-\d\d-\d\d/.test(input.value) ? input.value.trim().replace(" ", "T") : "";
      day.showPicker();
    });
    day.addEventListener("change", () => {
      input.value = day.value.replace("T", " ");
      for (const kind of ["input", "change"]) input.dispatchEvent(new Event(kind, { bubbles: true }));
    });
    holder.append(button, day);
  }
}
