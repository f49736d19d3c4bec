// The document editor: one textarea, kept equal to the server's text by one unacknowledged splice at a time.
import { apply, difference, moved, points, transform } from "./splices.js";

const editor = document.querySelector("[data-live]");
const connection = document.getElementById("connection");
const presence = document.getElementById("presence");
const refusal = document.getElementById("live-refusal");

// After these there is nothing left to read; after any other loss of a right the page goes on as a reader.
const FINAL = new Set(["unauthenticated", "not_found"]);

let socket = null;
let revision = 0;
let shared = []; // the text as the server has it at `revision`
let sent = null; // our splice that the server has not acknowledged yet, on top of `shared`
let waited = 500; // milliseconds before the next attempt to connect

const expected = () => (sent ? apply(sent, shared) : shared);

function say(state, text) {
  connection.dataset.state = state;
  connection.textContent = text;
}

function refuse(message) {
  refusal.hidden = !message;
  refusal.textContent = message?.detail ?? "";
  for (const name of ["code", "dimension", "limit", "usage", "remedy"]) {
    if (message && name in message) refusal.dataset[name] = message[name];
    else delete refusal.dataset[name];
  }
}

function flush() {
  if (!socket || socket.readyState !== WebSocket.OPEN || sent || editor.readOnly) return;
  const local = difference(shared, points(editor.value));
  if (!local.delete && !local.insert.length) {
    say("saved", "All changes saved");
    return;
  }
  sent = local;
  say("saving", "Saving…");
  socket.send(JSON.stringify({ type: "edit", base: revision, ...local, insert: local.insert.join("") }));
}

function show(text, over) {
  const caret = (offset) => {
    const place = points(editor.value.slice(0, offset)).length;
    return text.slice(0, over ? moved(place, over) : place).join("").length;
  };
  const [start, end] = [caret(editor.selectionStart), caret(editor.selectionEnd)];
  editor.value = text.join("");
  editor.setSelectionRange(start, end);
}

// What was typed before the connection broke, on top of the text as it stands now.
function carried(theirs) {
  const arrived = theirs.join("") === expected().join(""); // our last splice did, its acknowledgement did not
  const known = arrived ? theirs : shared;
  const mine = difference(known, points(editor.value));
  return apply(transform(mine, difference(known, theirs), false), theirs);
}

const received = {
  snapshot(message) {
    const theirs = points(message.body);
    const unsaved = revision && message.writable ? carried(theirs) : theirs;
    revision = message.revision;
    shared = theirs;
    sent = null;
    editor.readOnly = !message.writable;
    show(unsaved);
    received.presence(message);
    if (message.writable) refuse(null);
    else say("reading", "Read only");
    waited = 500;
    flush();
  },
  edit(message) {
    const theirs = { at: message.at, delete: message.delete, insert: points(message.insert) };
    const typed = points(editor.value);
    const local = difference(expected(), typed);
    const overSent = sent ? transform(theirs, sent, true) : theirs;
    const visible = transform(overSent, local, true);
    if (sent) sent = transform(sent, theirs, false);
    shared = apply(theirs, shared);
    revision = message.revision;
    show(apply(visible, typed), visible);
  },
  ack(message) {
    shared = apply(sent, shared);
    sent = null;
    revision = message.revision;
    refuse(null);
    flush();
  },
  presence(message) {
    presence.replaceChildren(
      ...message.present.map((person) => {
        const row = document.createElement("li");
        row.dataset.testid = "present";
        row.dataset.email = person.email;
        row.textContent = person.name;
        return row;
      }),
    );
  },
  refused(message) {
    // What was typed did not hold: the text goes back to what the server has, and the page says why.
    sent = null;
    show(shared);
    say("refused", "Change not saved");
    refuse(message);
  },
  closed(message) {
    editor.readOnly = true;
    refuse(message);
  },
};

function connect() {
  const url = new URL(editor.dataset.live, location.href);
  url.protocol = location.protocol === "https:" ? "wss:" : "ws:";
  let final = false;
  socket = new WebSocket(url);
  socket.addEventListener("message", (event) => {
    const message = JSON.parse(event.data);
    final = message.type === "closed" && FINAL.has(message.code);
    received[message.type](message);
  });
  socket.addEventListener("close", () => {
    presence.replaceChildren();
    editor.readOnly = true;
    if (final) {
      say("closed", "Disconnected");
      return;
    }
    say("reconnecting", "Reconnecting…");
    setTimeout(connect, waited);
    waited = Math.min(waited * 2, 8000);
  });
}

editor.addEventListener("input", flush);
connect();
