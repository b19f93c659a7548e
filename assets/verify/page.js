// The page /verify: hands the chosen file to the worker and says in words what was checked and what was not.

document.documentElement.classList.add("verifies");

const form = document.querySelector("[data-verify]");
const out = document.querySelector("[data-verify-result]");

const word = (name, values = {}) => {
  const text = document.querySelector(`[data-word="${name}"]`)?.textContent ?? name;
  return text.replace(/\{(\w+)\}/g, (whole, key) => values[key] ?? whole);
};

// A moment as people here read it, with its offset: 2016-12-09 14:05:03 +08:00. What is no moment stays as it is.
function local(at) {
  const moment = new Date(at);
  if (Number.isNaN(moment.getTime())) return at;
  const timeZone = form.dataset.zone;
  const parts = new Intl.DateTimeFormat("en", { timeZone, timeZoneName: "longOffset" }).formatToParts(moment);
  const offset = parts.find((part) => part.type === "timeZoneName")?.value.replace("GMT", "") || "+00:00";
  const time = new Intl.DateTimeFormat("sv-SE", { timeZone, dateStyle: "short", timeStyle: "medium" }).format(moment);
  return `${time} ${offset}`;
}

function line(parent, tag, text, kind = "") {
  const element = document.createElement(tag);
  element.textContent = text;
  if (kind) element.className = kind;
  parent.append(element);
  return element;
}

function show(report, own) {
  out.replaceChildren();
  // Whole, but nobody's that we know of, is no good news.
  const tone = report.state !== "whole" ? "error" : report.signature === "good" ? "ok" : "warn";
  const head = line(out, "div", "", `notice notice-${tone}`);
  line(head, "p", word(`state-${report.state}`, report));
  if (report.state !== "whole" && report.state !== "faulty") return;
  if (report.faults.length) {
    const list = line(out, "ul", "");
    for (const fault of report.faults) line(list, "li", word(`fault-${fault.code}`, fault));
    if (report.more) line(list, "li", word("more", report));
  }
  line(out, "h3", word("checked"));
  const list = line(out, "ul", "");
  line(list, "li", word("files", report));
  line(list, "li", word(`signature-${report.signature}${report.signature === "good" && !own ? "-ours" : ""}`));
  line(list, "li", word("left"));
  if (report.stamps) line(list, "li", word("stamps", report));
  const said = report.witnesses.map(({ name, at }) => `${name} (${local(at)})`).join(", ");
  if (said) line(list, "li", word("witnesses", { witnesses: said }));
  const { number, version, agency, at, manifest } = report.seal;
  if (number !== undefined) {
    line(out, "h3", word("says"));
    const named = agency?.[word("name-field")] ?? "";
    line(out, "p", word("seal", { number, version: version ?? "", agency: named, at: local(at ?? "") }));
  }
  line(out, "p", word("manifest"));
  line(out, "p", (manifest.match(/.{1,4}/g) ?? []).join(" "), "keep");
}

// What is wrong with a field, beside it, and the field in focus; without a text: nothing any more.
function fault(input, text = "") {
  const id = `${input.id}-error`;
  document.getElementById(id)?.remove();
  input.closest(".field").classList.toggle("field-bad", text !== "");
  const described = [`${input.id}-hint`, text && id].filter((one) => one === id || document.getElementById(one));
  input.setAttribute("aria-describedby", described.join(" "));
  if (!text) return input.removeAttribute("aria-invalid");
  input.setAttribute("aria-invalid", "true");
  const told = line(input.parentElement, "p", text, "field-error");
  told.id = id;
  input.before(told);
  input.focus();
}

let worker = null;

form.addEventListener("submit", (event) => {
  event.preventDefault();
  const { package: chosen, key } = form.elements;
  const file = chosen.files[0];
  out.replaceChildren();
  fault(key);
  fault(chosen, file ? "" : word("choose"));
  if (!file) return;
  const own = key.value.trim() ? key.value : "";
  const keys = own || form.dataset.keys;
  worker?.terminate();
  worker = new Worker(form.dataset.worker, { type: "module" });
  const bar = document.createElement("progress");
  bar.setAttribute("aria-label", word("running"));
  out.append(bar);
  const failed = () => show({ state: "failed" }, own);
  worker.onerror = failed;
  worker.onmessage = ({ data }) => {
    if (data.unread) {
      worker.terminate();
      out.replaceChildren();
      fault(key, word("key-unread", data.unread));
    } else if (data.report) {
      worker.terminate();
      show(data.report, own !== "");
    } else {
      bar.value = data.progress;
    }
  };
  worker.postMessage({ file, keys });
});
