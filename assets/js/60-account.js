// Recovery codes: a button to print them, and the form that gives them out as a file may be sent again.
{
  for (const place of document.querySelectorAll("[data-print]")) {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "button";
    button.textContent = place.dataset.print;
    button.addEventListener("click", () => print());
    place.append(button);
  }
  for (const form of document.querySelectorAll("form[data-again]")) {
    form.addEventListener("submit", () =>
      setTimeout(() => {
        delete form.dataset.sent;
        form.removeAttribute("aria-busy");
      }, 1000),
    );
  }
}

// Warns before a session that nobody uses ends, with one button to stay; all tabs agree. Whoever keeps what was typed
// listens for "session-ending" on the document: it comes when the warning is shown, while the session still holds, and
// once more some seconds before the end (`detail.left`: seconds).
{
  const box = document.getElementById("session-warning");
  if (box?.showModal) {
    const words = box.dataset;
    const part = (name) => box.querySelector(`[data-part=${name}]`);
    const [title, text, clock, said, stay, login, close] = ["title", "text", "clock", "said", "stay", "login", "close"].map(part);
    const tabs = "BroadcastChannel" in window ? new BroadcastChannel("session") : { postMessage() {} };
    const warn = Number(words.warn);
    let ends = 0;
    let most = 0;
    let timer = 0;
    let spoken = [];

    const left = () => Math.max(0, Math.round((ends - Date.now()) / 1000));
    const know = (answer) => {
      ends = Date.now() + answer.left * 1000;
      most = Date.now() + answer.most * 1000;
    };
    const later = (step, seconds) => {
      clearTimeout(timer);
      timer = setTimeout(step, Math.min(Math.max(seconds, 1), 86400) * 1000);
    };
    // The session as the server knows it; null: there is none any more.
    const ask = async (method) => {
      const reply = await fetch("/account/session", { method, redirect: "manual", headers: { accept: "application/json" } });
      if (reply.ok) return reply.json();
      if (reply.type === "opaqueredirect" || reply.status === 401) return null;
      throw new Error(reply.status);
    };
    const hook = () => document.dispatchEvent(new CustomEvent("session-ending", { detail: { left: left() } }));
    const wait = () => {
      if (box.open) box.close();
      spoken = [];
      later(look, left() - warn);
    };
    const over = () => {
      clearTimeout(timer);
      title.textContent = words.overTitle;
      text.textContent = words.overText;
      said.textContent = words.overTitle;
      clock.hidden = stay.hidden = true;
      login.hidden = close.hidden = false;
      if (!box.open) box.showModal();
      login.focus();
    };
    const soon = () => {
      // A week is the longest that a session lasts, whatever is done.
      const isLast = most - ends < 1000;
      title.textContent = words.soonTitle;
      text.textContent = isLast ? words.lastText : words.soonText;
      clock.hidden = false;
      stay.hidden = isLast;
      login.hidden = !isLast;
      close.hidden = false;
      if (!box.open) {
        box.showModal();
        (isLast ? close : stay).focus();
        hook();
      }
      tick();
    };
    const tick = () => {
      const seconds = left();
      clock.textContent = words.left.replace("%", `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`);
      // Said aloud a few times, not with every second.
      const mark = [15, 60, 120].find((at) => seconds <= at);
      if (mark && !spoken.includes(mark)) {
        spoken.push(mark);
        said.textContent = clock.textContent;
        if (mark === 15) hook();
      }
      if (seconds > warn) return wait();
      later(seconds ? tick : look, 1);
    };
    // Another tab, or another page, may have used the session meanwhile.
    const look = async () => {
      if (left() > warn) return wait();
      try {
        const answer = await ask("GET");
        if (!answer) return over();
        know(answer);
      } catch {
        // Out of reach for now: what was known still holds.
        if (!left()) return later(look, 10);
      }
      if (left() > warn) wait();
      else soon();
    };

    stay.addEventListener("click", async () => {
      try {
        const answer = await ask("POST");
        if (!answer) return over();
        know(answer);
        tabs.postMessage(answer);
        wait();
      } catch {
        said.textContent = text.textContent = words.failed;
      }
    });
    close.addEventListener("click", () => box.close());
    tabs.onmessage = ({ data }) => {
      // Signed out in another tab: it takes a moment until that is so.
      if (!data.left) return later(() => ((ends = 0), look()), 3);
      know(data);
      if (left() > warn) wait();
    };
    document.addEventListener("submit", (event) => {
      if (event.target.getAttribute("action") === "/logout") tabs.postMessage({ left: 0 });
    });
    document.addEventListener("visibilitychange", () => document.hidden || box.open || later(look, left() - warn));
    const known = { left: Number(words.left0), most: Number(words.most) };
    know(known);
    tabs.postMessage(known);
    wait();
  }
}
