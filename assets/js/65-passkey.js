// Passkeys: the browser makes one, or signs with one, before the form is sent that takes its answer. A button with a name goes
// another way.
for (const form of document.querySelectorAll("form[data-passkey]")) {
  const field = form.elements.credential;
  const told = form.querySelector("[data-said]");
  const bytes = (text) => Uint8Array.from(atob(text), (c) => c.charCodeAt());
  addEventListener("pageshow", () => (field.value = ""));
  form.addEventListener("submit", async (event) => {
    const { submitter } = event;
    if (field.value || submitter?.name || !window.PublicKeyCredential) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    told.hidden = true;
    try {
      const reply = await fetch(form.dataset.passkey);
      if (!reply.ok || reply.redirected) throw new RangeError();
      const publicKey = await reply.json();
      const { user, allowCredentials, excludeCredentials } = publicKey;
      publicKey.challenge = bytes(publicKey.challenge);
      if (user) user.id = bytes(user.id);
      for (const one of allowCredentials ?? excludeCredentials) one.id = bytes(one.id);
      const { rawId, response } = await navigator.credentials[user ? "create" : "get"]({ publicKey });
      const answer = {
        id: rawId,
        client: response.clientDataJSON,
        data: response.authenticatorData ?? response.getAuthenticatorData(),
        key: response.getPublicKey?.(),
        signature: response.signature,
      };
      for (const name in answer) answer[name] &&= btoa(String.fromCharCode(...new Uint8Array(answer[name])));
      field.value = JSON.stringify(answer);
      form.requestSubmit(submitter);
    } catch (error) {
      told.textContent = error instanceof RangeError ? form.dataset.old : form.dataset.failed;
      told.hidden = false;
    }
  });
}
