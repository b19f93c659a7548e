// Lighthouse at every kind of page of a running demo, as a desk and as a phone: accessibility and performance. Prints both for
// each page, and ends with 1 where accessibility is below 100 or performance below 98.
//
//   node run.mjs ADDRESS ACCOUNTS     ACCOUNTS: the demo-accounts.json that the demo wrote into its data folder
//   node run.mjs ADDRESS              with SESSION set to the cookie `session` of a browser that is signed in: its pages alone
//
// ROLES=compiler,liaison: these accounts alone. CHROME_PATH: the browser, else the system's Chromium.

import { createHmac } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { launch } from "chrome-launcher";
import lighthouse, { desktopConfig } from "lighthouse";

const LEAST = { accessibility: 100, performance: 98 };
const PRESETS = { desktop: desktopConfig, mobile: undefined }; // a phone is what lighthouse takes by itself
const FLAGS = ["--headless", "--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update"];
// Accounts of the demo, one a role. What one of them was measured at is not measured again for another of the same side,
// whose page it is too; but for the first page, which is each role's own.
const PLATFORM = ["compiler", "approver", "manager", "admin", "auditor"];
const SIDES = [["nobody"], PLATFORM, ["liaison"]];

const [address, accountsFile] = process.argv.slice(2);
if (!address || !(accountsFile || process.env.SESSION)) {
  console.error("usage: node run.mjs ADDRESS ACCOUNTS, or SESSION=… node run.mjs ADDRESS");
  process.exit(2);
}
const base = new URL(address).origin;

// The six digits of a moment (RFC 6238).
const digits = (secret, step) => {
  const bits = [...secret].map((one) => "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567".indexOf(one).toString(2).padStart(5, "0")).join("");
  const key = Buffer.from(bits.match(/.{8}/g).map((byte) => parseInt(byte, 2)));
  const moment = Buffer.alloc(8);
  moment.writeBigUInt64BE(BigInt(step));
  const hash = createHmac("sha1", key).update(moment).digest();
  const at = hash[19] & 15;
  return String((hash.readUInt32BE(at) & 0x7fffffff) % 1_000_000).padStart(6, "0");
};

// Posts a form, as a page of the server does; gives the answer and the cookie that it sets.
const post = async (path, fields, cookie) => {
  const headers = { origin: base, ...(cookie && { cookie }) };
  const reply = await fetch(base + path, { method: "POST", headers, body: new URLSearchParams(fields), redirect: "manual" });
  const set = reply.headers.getSetCookie().find((one) => one.startsWith("session="));
  return { status: reply.status, cookie: set?.split(";")[0] };
};

// Signs in with both factors; gives the cookie.
const signIn = async ({ username, password, totp_secret: secret }) => {
  const first = await post("/login", { username, password });
  if (first.status !== 303 || !first.cookie) throw new Error(`${username}: the password is refused (${first.status})`);
  // A code is good once: where this step's was used, by another run, the next one's is not.
  for (let tries = 0; tries < 3; tries++) {
    const code = digits(secret, Math.floor(Date.now() / 30_000));
    const second = await post("/login/second-factor", { code }, first.cookie);
    if (second.status === 303) return second.cookie ?? first.cookie;
    await sleep(30_500 - (Date.now() % 30_000));
  }
  throw new Error(`${username}: the code is refused`);
};

// The path with every part that has a digit taken for one: a further row of a list, or filter of it, looks like the first.
const kindOf = (url) => url.pathname.split("/").map((part) => (/\d/.test(part) ? "…" : part)).join("/");

// One address for every kind of page that links lead to from the first one.
const walk = async (cookie, starts) => {
  const waiting = starts.map((path) => new URL(path, base));
  const kinds = new Set(waiting.map(kindOf));
  const pages = new Map();
  while (waiting.length) {
    const asked = waiting.shift();
    const headers = { accept: "text/html", "accept-language": "zh-CN", ...(cookie && { cookie }) };
    const reply = await fetch(asked, { headers });
    if (!reply.ok) throw new Error(`${asked} answers ${reply.status}`);
    const url = new URL(reply.url); // elsewhere, where it leads on
    if (!reply.headers.get("content-type")?.startsWith("text/html") || pages.has(kindOf(url))) {
      await reply.body?.cancel(); // a file
      continue;
    }
    kinds.add(kindOf(url));
    pages.set(kindOf(url), url);
    for (const [, href] of (await reply.text()).matchAll(/<a\s[^>]*?\bhref="([^"]*)"/g)) {
      const link = new URL(href.replace(/&(?:#38|amp);/g, "&"), url);
      link.hash = "";
      if (link.origin !== base || kinds.has(kindOf(link))) continue;
      kinds.add(kindOf(link));
      waiting.push(link);
    }
  }
  return pages;
};

const startBrowser = () => {
  const found = ["/usr/bin/chromium", "/usr/bin/chromium-browser"].find(existsSync);
  return launch({ chromeFlags: FLAGS, chromePath: process.env.CHROME_PATH ?? found, logLevel: "silent" });
};

// Accessibility and performance of a page, each of 100, and what is wrong with it.
const look = async (browser, url, preset, cookie) => {
  const flags = { port: browser.port, onlyCategories: Object.keys(LEAST), logLevel: "silent", ...(cookie && { extraHeaders: { Cookie: cookie } }) };
  const { lhr } = (await lighthouse(url.href, flags, PRESETS[preset])) ?? {};
  if (!lhr || lhr.runtimeError) throw new Error(`${url}: ${lhr?.runtimeError?.message ?? "no result"}`);
  if (new URL(lhr.finalDisplayedUrl).pathname !== url.pathname) throw new Error(`${url} leads to ${lhr.finalDisplayedUrl}`);
  const refs = lhr.categories.accessibility.auditRefs.filter(({ id, weight }) => weight > 0 && lhr.audits[id].score === 0);
  const score = (category) => Math.round(lhr.categories[category].score * 100);
  return { accessibility: score("accessibility"), performance: score("performance"), faults: refs.map(({ id }) => id) };
};

// As `look`; a machine does something else now and then, so a page that was slow is measured twice more, and the middle counts.
const measure = async (...what) => {
  const first = await look(...what);
  if (first.performance >= LEAST.performance) return first;
  const all = [first, await look(...what), await look(...what)].sort((a, b) => a.performance - b.performance);
  return { ...first, performance: all[1].performance };
};

const accounts = accountsFile ? JSON.parse(readFileSync(accountsFile, "utf8")) : [];
const only = process.env.ROLES?.split(",");
const sides = accountsFile ? SIDES.map((side) => side.filter((name) => !only || only.includes(name))) : [["session"]];
const browser = await startBrowser();
const rows = [];
let failed = 0;
try {
  console.log("accessibility and performance, each on a desk and on a phone\n");
  for (const side of sides) {
    const known = new Set();
    for (const name of side) {
      const account = accounts.find(({ username }) => username === name);
      const cookie = account ? await signIn(account) : name === "session" ? `session=${process.env.SESSION}` : undefined;
      const pages = await walk(cookie, name === "nobody" ? ["/login"] : ["/"]);
      for (const [kind, url] of pages) {
        if (kind !== "/" && known.has(kind)) continue;
        known.add(kind);
        const row = { name, kind };
        for (const preset of Object.keys(PRESETS)) row[preset] = await measure(browser, url, preset, cookie);
        rows.push(row);
        const of = (category) => Object.keys(PRESETS).map((preset) => row[preset][category]);
        const bad = Object.keys(LEAST).some((category) => of(category).some((score) => score < LEAST[category]));
        if (bad) failed++;
        const faults = [...new Set(Object.keys(PRESETS).flatMap((preset) => row[preset].faults))];
        const scores = Object.keys(LEAST).map((category) => of(category).map((score) => String(score).padStart(4)).join(""));
        console.log(`${name.padEnd(9)} ${scores.join("  ")}  ${kind}${bad ? `   too low ${faults.join(", ")}` : ""}`);
      }
    }
  }
} finally {
  browser.kill();
}
if (!rows.length) throw new Error("no page was measured");
console.log();
for (const category of Object.keys(LEAST)) {
  for (const preset of Object.keys(PRESETS)) {
    const lowest = rows.reduce((low, row) => (row[preset][category] < low[preset][category] ? row : low));
    const scores = `${String(lowest[preset][category]).padStart(3)} (at least ${LEAST[category]})`;
    console.log(`lowest ${category.padEnd(13)} ${preset.padEnd(7)} ${scores}  ${lowest.name} ${lowest.kind}`);
  }
}
console.log(`${rows.length} pages, ${failed} too low`);
process.exitCode = failed ? 1 : 0;
