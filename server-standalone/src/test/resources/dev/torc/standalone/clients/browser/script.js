// What a browser makes of the page and of what it fetches, as JSON in the page. One of the page's
// frames is not complete, and so the page is not, before this lets its second half out.
import { sum } from "./module.js";

const result = {};
const errors = [];
addEventListener("error", event => errors.push(event.message));
addEventListener("unhandledrejection", event => errors.push(String(event.reason)));

const text = async (path, how) => (await fetch(path, how)).text();
const status = async (path, how) => (await fetch(path, how)).status;

/// The width that the page in a frame needs, and the one that it has.
function widths(id) {
  const root = document.getElementById(id).contentDocument.documentElement;
  return [root.scrollWidth, root.clientWidth];
}

async function leaves() {
  const abort = new AbortController();
  const response = await fetch("/bytes/100000000000", { signal: abort.signal });
  await response.body.getReader().read();
  abort.abort();
  return text("/plaintext");
}

async function uploads() {
  const form = new FormData();
  form.append("file", new Blob([new Uint8Array(500000)]), "file.bin");
  const echoed = await fetch("/echo", { method: "POST", body: form });
  const received = await echoed.formData();
  return received.get("file").size;
}

async function streams() {
  const reader = (await fetch("/gate/stream")).body.pipeThrough(new TextDecoderStream()).getReader();
  const first = (await reader.read()).value;
  const opened = await text("/gate/stream", { method: "POST" });
  return [first, opened, (await reader.read()).value, (await reader.read()).done];
}

async function bytes() {
  const all = new Uint8Array(await (await fetch("/bytes/5000000")).arrayBuffer());
  return all.every((byte, i) => byte === (i & 255)) && all.length;
}

/// The picture, or a frame with the demo in it.
function isLoaded(id) {
  const element = document.getElementById(id);
  if (element.tagName === "IMG") return element.complete;
  const inside = element.contentDocument;
  return inside.readyState === "complete" && inside.querySelector("pre") !== null;
}

async function loaded(id) {
  while (!isLoaded(id)) await new Promise(resolve => setTimeout(resolve, 10));
}

async function run() {
  for (const id of ["picture", "wide", "narrow"]) await loaded(id);
  result.module = sum(1, 2);
  result.color = getComputedStyle(document.getElementById("result")).color;
  const picture = document.getElementById("picture");
  result.picture = [picture.naturalWidth, picture.naturalHeight];
  result.wide = widths("wide");
  result.narrow = widths("narrow");
  const demo = document.getElementById("wide").contentDocument;
  result.commands = demo.querySelector("pre").textContent;
  result.json = await (await fetch("/json")).json();
  result.statuses = [];
  for (const code of [204, 205, 304, 404, 500]) result.statuses.push(await status("/status/" + code));
  result.head = await status("/bytes/1000", { method: "HEAD" });
  result.redirected = await text("/redirect/3");
  const names = Array.from({ length: 50 }, (_, i) => "n" + i);
  result.many = (await Promise.all(names.map(name => text("/hello/" + name)))).join("");
  result.uploaded = await uploads();
  result.streamed = await streams();
  result.bytes = await bytes();
  result.left = await leaves();
  result.protocols = [...new Set(performance.getEntriesByType("resource")
    .filter(entry => entry.name.startsWith("http")).map(entry => entry.nextHopProtocol))];
}

await run().catch(failure => errors.push(String(failure.stack)));
result.errors = errors;
document.getElementById("result").textContent = JSON.stringify(result);
console.log("the script has run");
await text("/gate/load", { method: "POST" });
