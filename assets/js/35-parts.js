// How far the parts of a long form are while somebody types: what is missing, what is filled. Whether it holds is told by
// the server, so no more is said here than that it is filled. Parts that nobody has touched stay as the server told them.
for (const nav of document.querySelectorAll(".form-parts[data-filled]")) {
  const form = nav.closest("form");
  const isOf = (name, at) => at.name === name || (at.name.startsWith(name) && /^(\[|_\d+$)/.test(at.name.slice(name.length)));
  // `name=value` is there where that was chosen.
  const isFilled = (one) => {
    const [name, value] = one.split("=");
    const isThere = (at) => (["checkbox", "radio"].includes(at.type) ? at.checked : at.value.trim());
    return [...form.elements].some((at) => at.name && isOf(name, at) && isThere(at) && (value === undefined || at.value === value));
  };
  const parts = [...nav.querySelectorAll("li[data-need]")].map((line) => {
    const need = line.dataset.need.split("\n").filter(Boolean).map((one) => one.split("\t"));
    const more = line.dataset.more.split(" ").filter(Boolean);
    // Of several fields that are parted by a bar one is enough.
    return { line, need, names: [...need.flatMap(([name]) => name.split("|")), ...more] };
  });
  const tellOf = ({ line, need, names }) => {
    const lacks = need.filter(([name]) => !name.split("|").some(isFilled)).map(([, label]) => label);
    const section = document.getElementById(line.querySelector("a").hash.slice(1));
    const isUnread = [...(section?.querySelectorAll(".read-back.is-unread") ?? [])].some((at) => at.textContent);
    const state = isUnread ? "unread" : lacks.length ? "lacks" : names.some(isFilled) ? "filled" : "open";
    line.className = `part-${{ unread: "mend", filled: "complete" }[state] ?? state}`;
    line.querySelector("span").textContent = nav.dataset[state] + (state === "lacks" ? ` ${lacks.join(" · ")}` : "");
  };
  const tell = ({ target }) => {
    for (const part of parts) if (target.name && part.names.some((name) => isOf(name, target))) tellOf(part);
  };
  if (form) for (const kind of ["input", "change", "read"]) form.addEventListener(kind, tell);
}
