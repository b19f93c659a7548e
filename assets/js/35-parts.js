// How far the parts of a long form are while somebody types: what is missing, what is filled. Whether it holds is told by
// the server, so no more is said here than that it is filled. Parts that nobody has touched stay as the server told them.
for (const nav of document.querySelectorAll(".form-parts[data-filled]")) {
  const form = nav.closest("form");
  const isOf = (name, at) => at.name === name || (at.name.startsWith(name) && /^(\[|_\d+$)/.test(at.name.slice(name.length)));
  const isFilled = (name) =>
    [...form.elements].some((at) => at.name && isOf(name, at) && (["checkbox", "radio"].includes(at.type) ? at.checked : at.value.trim()));
  const parts = [...nav.querySelectorAll("li[data-need]")].map((line) => {
    const need = line.dataset.need.split("\n").filter(Boolean).map((one) => one.split("\t"));
    const more = line.dataset.more.split(" ").filter(Boolean);
    return { line, need, names: [...need.map(([name]) => name), ...more] };
  });
  const tell = ({ target }) => {
    const part = target.name && parts.find(({ names }) => names.some((name) => isOf(name, target)));
    if (!part) return;
    const { line, need, names } = part;
    const lacks = need.filter(([name]) => !isFilled(name)).map(([, label]) => label);
    const section = document.getElementById(line.querySelector("a").hash.slice(1));
    const isUnread = [...(section?.querySelectorAll(".read-back.is-unread") ?? [])].some((at) => at.textContent);
    const state = isUnread ? "unread" : lacks.length ? "lacks" : names.some(isFilled) ? "filled" : "open";
    line.className = `part-${{ unread: "mend", filled: "complete" }[state] ?? state}`;
    line.querySelector("span").textContent = nav.dataset[state] + (state === "lacks" ? ` ${lacks.join(" · ")}` : "");
  };
  if (form) for (const kind of ["input", "change", "read"]) form.addEventListener(kind, tell);
}
