{
  // Offers colleagues while a name is typed behind @: those of the form's own list, which is ticked with the choice.
  for (const form of document.querySelectorAll("form[data-mentions]")) {
    const text = form.querySelector("textarea[name=body]");
    const people = [...form.querySelectorAll("input[name=mentions]")].map((box) => {
      const name = form.querySelector(`label[for="${CSS.escape(box.id)}"]`).textContent.trim();
      const hint = box.parentElement.querySelector(".hint")?.textContent.trim() ?? "";
      return { box, name, keys: [name, hint].map((key) => key.toLowerCase()), hint };
    });
    if (!text || !people.length) continue;
    const list = document.createElement("ul");
    list.className = "suggestions";
    list.setAttribute("aria-label", form.dataset.mentions);
    list.hidden = true;
    text.after(list);

    const typed = () => /[@＠]([^\s@＠]{0,20})$/.exec(text.value.slice(0, text.selectionStart));
    const close = () => (list.hidden = true);
    const choose = ({ box, name }) => {
      const found = typed();
      if (found) {
        text.setRangeText(`@${name} `, found.index, text.selectionStart, "end");
        text.dispatchEvent(new Event("input", { bubbles: true }));
      }
      box.checked = true;
      close();
      text.focus();
    };
    const offer = (event) => {
      const found = typed();
      if (!found || event.isComposing) return close();
      const begun = found[1].toLowerCase();
      const fits = people.filter((one) => one.keys.some((key) => key.startsWith(begun))).slice(0, 6);
      list.replaceChildren(
        ...fits.map((one) => {
          const [item, button] = ["li", "button"].map((tag) => document.createElement(tag));
          button.type = "button";
          button.className = "button-quiet";
          button.textContent = one.hint ? `${one.name} · ${one.hint}` : one.name;
          if (/\p{Script=Han}/u.test(one.name)) button.lang = "zh-CN"; // whatever the page's language is
          button.addEventListener("click", () => choose(one));
          item.append(button);
          return item;
        }),
      );
      list.hidden = !fits.length;
    };
    text.addEventListener("input", offer);
    text.addEventListener("compositionend", offer); // behind which Chrome sends no input of its own
    text.addEventListener("keydown", (event) => {
      const { key, ctrlKey, metaKey } = event;
      if (list.hidden) return;
      const first = list.querySelector("button");
      if (key === "Escape") close();
      if (key === "ArrowDown") {
        event.preventDefault();
        first.focus();
      }
      // Behind a bare @ it begins a line: nobody is called by mistake. What it does in an input method never comes here.
      if (key === "Enter" && typed()?.[1] && !ctrlKey && !metaKey) {
        event.preventDefault();
        first.click();
      }
    });
    list.addEventListener("keydown", (event) => {
      const buttons = [...list.querySelectorAll("button")];
      const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
      if (event.key === "Escape") {
        close();
        text.focus();
      } else if (step) {
        event.preventDefault();
        const next = buttons[buttons.indexOf(document.activeElement) + step];
        (next ?? text).focus();
      }
    });
    form.addEventListener("focusout", ({ relatedTarget }) => {
      if (!list.contains(relatedTarget) && relatedTarget !== text) close();
    });
  }
}
