// How a file gets there, and what of that `20-upload.js` asks for: by a form, or in parts.
const sending = (() => {
  const bodyOf = (asked) => {
    try {
      return JSON.parse(asked.responseText);
    } catch {
      return {};
    }
  };
  // Until then, or the line is back.
  const wait = (ms) =>
    new Promise((done) => {
      setTimeout(done, ms);
      addEventListener("online", done, { once: true, signal: AbortSignal.timeout(ms) });
    });
  // How a file gets there, and the only parts that know: `send` starts and gives back what stops it. It calls
  // `progress(bytes)`, `lost()` when the line is, `sent()` when only the answer is waited for, and `answer(status, body)` once;
  // status 0: no answer.
  const byForm = {
    send(url, fields, on) {
      const asked = new XMLHttpRequest();
      asked.open("POST", url);
      asked.setRequestHeader("accept", "application/json");
      if (on.progress) asked.upload.onprogress = (event) => on.progress(event.loaded);
      if (on.sent) asked.upload.onload = on.sent;
      asked.onload = () => on.answer(asked.status, bodyOf(asked));
      asked.onerror = () => on.answer(0, {});
      const data = new FormData();
      for (const [name, value] of fields) data.append(name, value);
      asked.send(data);
      return () => asked.abort();
    },
  };

  // A large file goes in parts (tus 1.0.0), and on from where it stands (`row.upload`) after a pause, a lost line, a closed tab.
  const LARGE = 8 << 20;
  const PART = 32 << 20;
  const UPLOADS = "/api/v1/uploads";
  const TUS = { "Tus-Resumable": "1.0.0" };
  const inParts = {
    // `details`: JSON; the header names the lead alone, as long texts have no room in one.
    send(row, address, lead, details, on) {
      let asked;
      let over = false;
      const ask = (method, url, headers, part, at) =>
        new Promise((done) => {
          asked = new XMLHttpRequest();
          asked.open(method, url);
          for (const [name, value] of Object.entries({ accept: "application/json", ...TUS, ...headers })) asked.setRequestHeader(name, value);
          if (at >= 0) asked.upload.onprogress = ({ loaded }) => on.progress(at + loaded);
          asked.onloadend = () => done(asked);
          asked.send(part);
        });
      (async () => {
        for (let tries = 0; !over; ) {
          const begin = { "Upload-Length": row.file.size, "Upload-Metadata": `lead ${btoa(lead)}`, "Idempotency-Key": row.word, "Content-Type": "application/json" };
          if (!row.upload) row.told = details;
          let said = row.upload ? await ask("GET", row.upload) : await ask("POST", address, begin, details);
          const { id, offset, state, evidence, problem } = bodyOf(said);
          if (over) return;
          if (evidence) return on.answer(201, evidence);
          if (problem) return on.answer(410, { detail: problem });
          if (id) row.upload = `${UPLOADS}/${id}`;
          row.seen = undefined;
          for (let at = offset; at < row.file.size && !over; tries = 0) {
            on.progress(at);
            const part = row.file.slice(at, at + PART);
            said = await ask("PATCH", row.upload, { "Upload-Offset": at, "Content-Type": "application/offset+octet-stream" }, part, at);
            if (said.status !== 204) break;
            at = Number(said.getResponseHeader("Upload-Offset"));
          }
          if (over) return;
          if (said.status === 204 || state === "assembling") {
            if (row.state === "sending") on.sent();
            if (state === "assembling") await wait(2000);
            continue;
          }
          // The line, another request that is not known to be lost yet, or where it stands.
          const isPassing = [0, 423, 503].includes(said.status) || said.getResponseHeader("Upload-Offset");
          if (!isPassing || tries > 5) return on.answer(said.status, bodyOf(said));
          if (!said.status) on.lost();
          await wait(1000 << tries++);
        }
      })();
      return (forGood) => {
        over = true;
        // What was begun in vain is only known by the answer.
        const first = asked;
        if (forGood && !row.upload) first.addEventListener("load", () => bodyOf(first).id && inParts.drop(`${UPLOADS}/${bodyOf(first).id}`));
        else asked.abort();
      };
    },
    drop(upload) {
      if (upload) fetch(upload, { method: "DELETE", headers: TUS }).catch(() => {});
    },
  };
  // By its beginning, its middle, its end and when it was changed the file is known again: nobody is to go on with another one
  // by mistake.
  const markOf = async (file) => {
    const MIB = 1 << 20;
    let hash = 2166136261;
    for (const at of [0, Math.floor(file.size / 2), Math.max(file.size - MIB, 0)])
      for (const byte of new Uint8Array(await file.slice(at, at + MIB).arrayBuffer())) hash = Math.imul(hash ^ byte, 16777619);
    return `${(hash >>> 0).toString(36)}-${file.lastModified.toString(36)}`;
  };

  // The word by which a file that is sent twice is registered once; `randomUUID` is there under TLS only.
  const newWord = () => {
    const bytes = crypto.getRandomValues(new Uint8Array(16));
    bytes[6] = (bytes[6] & 15) | 64;
    bytes[8] = (bytes[8] & 63) | 128;
    return [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  };
  return { byForm, inParts, LARGE, UPLOADS, markOf, newWord, wait };
})();
