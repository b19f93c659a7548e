// The page /verify: hands the chosen file to the worker and says in words what was checked and what was not. It comes alone:
// the scripts of the other pages have nothing to do here, and beside the worker they would make the page too heavy.

document.documentElement.classList.add("runs", "verifies");

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

// A part of the report: a heading, labelled values, sentences.
function part(name, rows, notes = []) {
  line(out, "h3", word(`part-${name}`));
  const list = rows.length ? line(out, "dl", "", "facts") : null;
  for (const [label, value] of rows) {
    const row = line(list, "div", "");
    line(row, "dt", label);
    line(row, "dd", value);
  }
  for (const note of notes) line(out, "p", note);
}

const label = (name, value) => [word(`label-${name}`), String(value ?? "")];
const grouped = (digits) => (String(digits).match(/.{1,4}/g) ?? []).join(" ");

function show(report, own) {
  out.replaceChildren();
  line(out, "h2", word("part-result"));
  // Whole, but nobody's that we know of, is no good news.
  const tone = report.state !== "whole" ? "error" : report.signature === "good" ? "ok" : "warn";
  const head = line(out, "div", "", `notice notice-${tone}`);
  line(head, "p", word(`state-${report.state}`, report));
  if (report.state !== "whole" && report.state !== "faulty") return;
  if (report.faults.length) {
    line(out, "h3", word("part-faults"));
    const list = line(out, "ul", "");
    for (const fault of report.faults) line(list, "li", word(`fault-${fault.code}`, fault));
    if (report.more) line(list, "li", word("more", report));
  }
  const at = local(new Date().toISOString());
  const program = `Lead Handoff ${form.dataset.version} · ${location.host}`;
  part("file", [label("file", report.name), label("size", word("paper-bytes", { n: report.size })), label("sha256", "…"), label("checked", at), label("program", program)]);
  const hash = [...out.querySelectorAll("dd")][2];
  line(out, "h3", word("checked"));
  const list = line(out, "ul", "");
  line(list, "li", word("files", report));
  const by = report.signature !== "good" ? report.signature : report.succession.length ? "followed" : own ? "good" : "good-ours";
  line(list, "li", word(`signature-${by}`));
  line(list, "li", word("left"));
  const { number, version, agency, at: sealed, manifest } = report.seal;
  const named = agency?.[word("name-field")] ?? "";
  if (number !== undefined) {
    line(out, "h3", word("says"));
    line(out, "p", word("seal", { number, version: version ?? "", agency: named, at: local(sealed ?? "") }));
  }
  line(out, "p", word("manifest"));
  line(out, "p", grouped(manifest), "keep");
  const { role, at: approved, approver, audit_entry: entry } = report.approval;
  const named_role = (name) => (["approver", "compiler"].includes(name) ? word(`role-${name}`) : name);
  const { composer } = report;
  const composed = composer
    ? [label("composed", local(composer.at ?? "")), label("composer-role", named_role(composer.role)), label("composer", composer.composer)]
    : [label("composer", word("composer-not-named"))];
  const signer = report.signer ? [label("signer", report.signer.name), label("fingerprint", report.signer.fingerprint)] : [];
  // As the command says it: by a passkey, by one whose signature does not hold, or by the code of a second factor.
  const { passkey, approved_by: kind } = report;
  const signed = [word(kind === "cannot" ? "signature-cannot" : `approval-${kind}`, { approver, passkey })];
  if (passkey) signed.push(word("approval-unconfirmed"));
  part("seal", [
    ...composed, label("approved", local(approved ?? "")), label("role", named_role(role)), label("approver", approver), label("approval-entry", entry),
    ...(passkey ? [label("passkey", passkey)] : []), ...signer,
  ], [...signed, ...report.succession.map((step) => word("seal-step", step))]);
  const received = report.receipt;
  const proved = received?.state === "good" && report.state === "whole" && report.signature === "good";
  part("sent", [label("addressee", `${named} ${agency?.code ?? ""}`)], [word(proved ? "sent-received" : "sent-note")]);
  if (received) receipt(received, proved, own);
  else part("receipt", [], [word("receipt-note")]);
  const { log } = report;
  const place = log
    ? [label("log", log.origin), label("log-index", log.index), label("log-size", log.size), label("log-entry", local(log.at))]
    : [];
  const told = report.witnesses.map((one) => word(one.state, { ...one, time: local(one.at) }));
  if (report.witnesses.some((one) => one.state === "witness")) told.push(word("witness-proved"));
  part("log", place, [word(`log-${log?.state ?? "unproven"}`), word("log-time"), ...told]);
  part("stamps", [], [word(report.stamps ? "stamps" : "stamps-none", report)]);
  const items = report.withheld.map(({ number: n, category, commitment }) => [
    word("withheld-item", { n, category: category?.[word("name-field")] ?? "" }), grouped(commitment),
  ]);
  part("withheld", items, [word(items.length ? "withheld-note" : "withheld-none")]);
  part("open", [], ["truth", "key", ...(proved ? [] : ["sent"]), "log"].map((name) => word(`open-${name}`)));
  const lines = line(out, "div", "", "printed");
  line(lines, "h3", word("part-checker"));
  for (const name of ["name", "unit", "signature", "date"]) line(lines, "p", word(`paper-${name}`));
  return hash;
}

// What came of the check of a receipt, in the words of the command, and what it says of itself.
function receipt({ state, faults, said }, proved, own) {
  const values = said && {
    agency: said.agency[word("name-field")] || said.agency.name_zh,
    name: said.signer.name,
    account: said.signer.account ?? "",
    time: local(said.at),
    zone: form.dataset.zone,
    issuer: said.issuer,
    shown: local(said.second_factor_at ?? ""),
    strength: said.strength,
    scan: grouped(said.paper?.scan_sha256 ?? ""),
  };
  const kinds = { passkey: "receipt-passkey", password_and_code: said?.second_factor_at ? "receipt-proved-code" : "receipt-proved-password", paper: "receipt-proved-scan" };
  const notes = proved
    ? [word(kinds[said.strength] ?? "receipt-proved-other", values), word(own ? "proved-receipt" : "receipt-ours")]
    : [word({ good: "receipt-package-not-authentic", other: "receipt-other", cannot: "signature-cannot" }[state] ?? "receipt-faulty", { n: faults.length })];
  part("receipt", [], [...notes, ...faults.map((one) => word(`receipt-fault-${one.code}`, one))]);
  if (!said) return;
  const rows = [label("transfer", said.transfer_number), label("received-by", `${values.agency} (${said.agency.code})`)];
  part("receipt-says", [...rows, label(said.paper ? "recorded-at" : "received-at", values.time)], state === "good" ? [] : [word("receipt-unproven")]);
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
  input.closest("details")?.setAttribute("open", "");
  input.focus();
}

let worker = null;

form.addEventListener("submit", (event) => {
  event.preventDefault();
  const { package: chosen, key, witness, receipt: said, mark } = form.elements;
  const [file, json, sig] = [chosen, said, mark].map((one) => one.files[0] ?? null);
  out.replaceChildren();
  for (const one of [key, witness, said, mark]) fault(one);
  // A receipt is two files.
  if (json && !sig) fault(mark, word("choose-mark"));
  if (sig && !json) fault(said, word("choose-receipt"));
  fault(chosen, file ? "" : word("choose"));
  if (!file || !json !== !sig) return;
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
      fault(form.elements[data.unread.field], word("key-unread", data.unread));
    } else if (data.report) {
      worker.terminate();
      const hash = show(data.report, own !== "");
      if (!hash) return;
      // The hash of the file itself is for the paper: it comes when the check is done.
      worker = new Worker(form.dataset.worker, { type: "module" });
      worker.onerror = () => {
        hash.textContent = "–";
      };
      worker.onmessage = ({ data: told }) => {
        hash.textContent = told.sha256 ?? "–";
      };
      worker.postMessage({ file, whole: true });
    } else {
      bar.value = data.progress;
    }
  };
  worker.postMessage({ file, keys, witnesses: witness.value, receipt: json, mark: sig });
});
