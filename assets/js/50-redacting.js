// Rectangles over the pages of what is redacted: one that is drawn with the mouse fills the next free line of the form, and every line
// shows where it is. Fingers scroll; with them, as without a script, the numbers are typed.
for (const form of document.querySelectorAll("form[data-redaction]")) {
  const stages = [...form.querySelectorAll(".redaction-stage")];
  const lines = () => [...form.querySelectorAll("[data-region]")];
  const part = (line, name) => line.querySelector(`[data-part=${name}]`);
  const PARTS = ["left", "top", "width", "height"];
  const put = (box, values) => PARTS.forEach((name, at) => (box.style[name] = `${values[at]}%`));
  const boxIn = (stage) => {
    const box = document.createElement("div");
    box.className = "redaction-box";
    return stage.appendChild(box);
  };
  // As the server reads pages: 1,3,5-8.
  const isOn = (pages, page) => pages.normalize("NFKC").replace(/\s*[-‐–—−~〜至到]\s*/g, "-").split(/[\s,、;]+/).some((span) => {
    const [from, to = from] = span.split("-");
    return from && +from <= page && page <= +to;
  });
  const show = () => {
    for (const box of form.querySelectorAll(".redaction-box")) box.remove();
    for (const line of lines()) {
      const values = PARTS.map((name) => parseFloat(part(line, name).value));
      const pages = part(line, "page")?.value ?? "1";
      if (!values.every((value) => value >= 0)) continue;
      for (const stage of stages) if (isOn(pages, +stage.dataset.page)) put(boxIn(stage), values);
    }
  };
  const free = () => {
    const found = lines().find((line) => PARTS.every((name) => !part(line, name).value.trim()));
    if (found) return found;
    const all = lines();
    if (all.length >= 200) return null;
    const line = all.at(-1).cloneNode(true);
    for (const at of [line, ...line.querySelectorAll("*")]) {
      at.removeAttribute("aria-invalid");
      for (const name of ["id", "name", "for", "aria-label", "aria-describedby"]) {
        const own = at.getAttribute(name);
        const next = name === "aria-label" ? all.length + 1 : all.length;
        if (own) at.setAttribute(name, own.replace(/\d+/, next));
      }
    }
    for (const fault of line.querySelectorAll(".field-error")) fault.remove();
    for (const input of line.querySelectorAll("input")) input.value = "";
    all.at(-1).after(line);
    return line;
  };
  for (const stage of stages) {
    let from = null;
    let box = null;
    const at = (event) => {
      const { left, top, width, height } = stage.getBoundingClientRect();
      const share = (value) => Math.round(Math.min(1, Math.max(0, value)) * 1000) / 10;
      return [share((event.clientX - left) / width), share((event.clientY - top) / height)];
    };
    const between = ([x, y]) => {
      const round = (value) => Math.round(value * 10) / 10;
      return [Math.min(x, from[0]), Math.min(y, from[1]), round(Math.abs(x - from[0])), round(Math.abs(y - from[1]))];
    };
    const end = () => {
      box?.remove();
      from = box = null;
    };
    stage.addEventListener("pointerdown", (event) => {
      if (event.pointerType === "touch" || event.button !== 0) return;
      event.preventDefault();
      stage.setPointerCapture(event.pointerId);
      from = at(event);
      box = boxIn(stage);
    });
    stage.addEventListener("pointermove", (event) => from && put(box, between(at(event))));
    stage.addEventListener("pointercancel", end);
    stage.addEventListener("pointerup", (event) => {
      if (!from) return;
      const values = between(at(event));
      end();
      const line = values[2] >= 0.5 && values[3] >= 0.5 ? free() : null;
      if (!line) return;
      if (part(line, "page")) part(line, "page").value = stage.dataset.page;
      PARTS.forEach((name, n) => (part(line, name).value = values[n]));
      part(line, "left").dispatchEvent(new Event("input", { bubbles: true }));
    });
  }
  form.addEventListener("input", show);
  show();
}
