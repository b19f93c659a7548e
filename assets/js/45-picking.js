// Ticked rows of a list go into its address, so that back, reload and every link of the page go on with them:
// <form data-picking="most">. Without this the form's own buttons take them along.
{
  const form = document.querySelector("form[data-picking]");
  const told = form?.querySelector("[data-picked]");
  if (told) {
    const boxes = [...form.querySelectorAll("input[type=checkbox][name=pick]")];
    const clear = form.querySelector("[data-clear]");
    const most = Number(form.dataset.picking);
    const picks = () => new FormData(form).getAll("pick");
    const carry = (address) => {
      const to = new URL(address, location.href);
      to.searchParams.delete("pick");
      for (const pick of picks()) to.searchParams.append("pick", pick);
      return to;
    };

    // All of this page at once; a box of its own in the bar, which a phone shows too.
    const page = form.querySelector("[data-page]");

    const tell = (over) => {
      const all = picks().length;
      const here = boxes.filter((box) => box.checked).length;
      const { picked, elsewhere, none } = told.dataset;
      let text = all ? picked.replace("#", all) + (all > here ? elsewhere.replace("#", all - here) : "") : none;
      if (over) text += ` ${told.dataset.most}`;
      if (told.textContent.trim() !== text) told.textContent = text;
      clear.hidden = !all;
      page.checked = here > 0 && here === boxes.length;
      page.indeterminate = here > 0 && !page.checked;
    };
    const changed = (over = false) => {
      const here = carry(location.href);
      here.searchParams.delete("ok");
      history.replaceState(history.state, "", here);
      here.searchParams.delete("pick");
      clear.href = here;
      tell(over);
    };
    form.addEventListener("change", ({ target }) => {
      let over = false;
      if (target === page) {
        for (const box of boxes) {
          if (page.checked && !box.checked && picks().length >= most) over = true;
          else box.checked = page.checked;
        }
      } else if (target.name !== "pick") return;
      else if (picks().length > most) {
        over = true;
        target.checked = false;
      }
      changed(over);
    });

    // Every way to another page of this list takes them along.
    const follow = ({ target }) => {
      const link = target.closest?.("a[href]");
      if (!link || link === clear || link.getAttribute("href").startsWith("#")) return;
      if (link.origin === location.origin && link.pathname === location.pathname) link.href = carry(link.href);
    };
    document.addEventListener("click", follow, true);
    document.addEventListener("auxclick", follow, true);
    document.addEventListener("formdata", ({ target, formData }) => {
      if (target === form || target.method !== "get" || new URL(target.action).pathname !== location.pathname) return;
      formData.delete("pick");
      for (const pick of picks()) formData.append("pick", pick);
    });
    // A browser that comes back to the page may have ticked boxes as they were left.
    addEventListener("pageshow", () => (String(carry(location.href)) === String(new URL(location.href)) ? tell() : changed()));
  }
}
