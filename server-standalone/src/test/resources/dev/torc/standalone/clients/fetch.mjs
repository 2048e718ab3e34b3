// Node's fetch against the server at argv[2]; the check named by argv[3]. Exits with 0, or says what was wrong.
import assert from "node:assert/strict";
import http from "node:http";

const [base, name] = process.argv.slice(2);
const url = path => base + path;

async function drain(response) {
  let bytes = 0;
  for await (const chunk of response.body) {
    for (let i = 0; i < chunk.length; i += 997) {
      assert.equal(chunk[i], (bytes + i) & 255, `byte ${bytes + i}`);
    }
    bytes += chunk.length;
  }
  return bytes;
}

const checks = {
  async readsJson() {
    const response = await fetch(url("/json"));
    assert.equal(response.headers.get("content-type"), "application/json");
    assert.deepEqual(await response.json(), { message: "Hello, World!" });
    const headers = { "X-Latin": "\u00e4", "X-Empty": "" };
    const sent = await (await fetch(url("/headers"), { headers })).json();
    const names = Object.fromEntries(Object.entries(sent).map(([k, v]) => [k.toLowerCase(), v]));
    assert.equal(names["x-latin"], "\u00e4");
    assert.equal(names["x-empty"], "");
  },

  async keepsItsConnectionOverAnswersOfAllKinds() {
    for (let i = 0; i < 10; i++) {
      for (const status of [204, 205, 304]) {
        const response = await fetch(url("/status/" + status));
        assert.equal(response.status, status);
        assert.equal(await response.text(), "");
      }
      assert.equal(await (await fetch(url("/hello/" + i))).text(), `Hello, ${i}!`);
    }
    const redirected = await fetch(url("/redirect/5"));
    assert.equal(redirected.redirected, true);
    assert.equal(await redirected.text(), "Hello, World!");
  },

  async asksForHeads() {
    for (const path of ["/bytes/1000", "/stream/5", "/plaintext"]) {
      const head = await fetch(url(path), { method: "HEAD" });
      assert.equal(head.status, 200);
      assert.equal(await head.text(), "");
      assert.equal(await (await fetch(url("/plaintext"))).text(), "Hello, World!");
    }
  },

  async sendsBodiesOfBothFramings() {
    for (const size of [0, 1, 1000, 1000000]) {
      const body = new Uint8Array(size).map((_, i) => i * 31);
      const sized = await fetch(url("/echo"), { method: "POST", body });
      assert.deepEqual(new Uint8Array(await sized.arrayBuffer()), body);
      const streamed = new ReadableStream({
        start(controller) {
          for (let at = 0; at < size; at += 10007) controller.enqueue(body.slice(at, at + 10007));
          controller.close();
        }
      });
      const how = { method: "PUT", body: streamed, duplex: "half" };
      const answer = await fetch(url("/echo"), how);
      assert.deepEqual(new Uint8Array(await answer.arrayBuffer()), body);
    }
  },

  async readsAStreamWhileItIsSent() {
    const response = await fetch(url("/gate/stream"));
    const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
    assert.equal((await reader.read()).value, "first\n");
    const opened = await fetch(url("/gate/stream"), { method: "POST" });
    assert.equal(await opened.text(), "open");
    assert.equal((await reader.read()).value, "second\n");
    assert.equal((await reader.read()).done, true);
  },

  async receivesEveryByte() {
    assert.equal(await drain(await fetch(url("/bytes/20000000"))), 20000000);
    const lines = await (await fetch(url("/stream/100000"))).text();
    assert.ok(lines.endsWith("\nline 100000\n"));
  },

  async leavesAnAnswerThatItDoesNotWant() {
    const abort = new AbortController();
    const response = await fetch(url("/bytes/100000000000"), { signal: abort.signal });
    const reader = response.body.getReader();
    assert.ok((await reader.read()).value.length > 0);
    abort.abort();
    await assert.rejects(async () => { for (;;) await reader.read(); }, { name: "AbortError" });
    assert.equal(await (await fetch(url("/plaintext"))).text(), "Hello, World!");
  },

  async isToldThatABodyIsTooLarge() {
    for (let i = 0; i < 10; i++) {
      const body = new Uint8Array(20000000);
      const response = await fetch(url("/echo"), { method: "POST", body });
      assert.equal(response.status, 413);
      assert.match(await response.text(), /^413 Content Too Large/);
    }
  },

  async isAnsweredManyRequestsAtOnce() {
    const names = Array.from({ length: 200 }, (_, i) => "n" + i);
    const answers = names.map(async name => (await fetch(url("/hello/" + name))).text());
    assert.deepEqual(await Promise.all(answers), names.map(name => `Hello, ${name}!`));
  },

  async anAgentKeepsItsConnection() {
    const agent = new http.Agent({ keepAlive: true, maxSockets: 1 });
    const reused = [];
    for (let i = 0; i < 20; i++) {
      await new Promise((resolve, reject) => {
        const request = http.get(url("/stream/10"), { agent }, response => {
          reused.push(request.reusedSocket);
          response.on("end", resolve).on("error", reject).resume();
        }).on("error", reject);
      });
    }
    agent.destroy();
    assert.deepEqual(reused, Array.from({ length: 20 }, (_, i) => i > 0));
  },

  async isShownHintsAndTrailers() {
    const hints = [];
    const hinted = await new Promise((resolve, reject) => {
      http.get(url("/hints"), response => resolve(response.resume()))
        .on("information", information => hints.push(information.headers.link))
        .on("error", reject);
    });
    assert.equal(hinted.statusCode, 200);
    assert.equal(hints.length, 2);
    const trailers = await new Promise((resolve, reject) => {
      http.get(url("/trailers"), response => {
        response.on("end", () => resolve(response.trailers)).on("error", reject).resume();
      }).on("error", reject);
    });
    assert.deepEqual({ ...trailers }, { "x-bytes": "4" });
  },

  async isToldToContinue() {
    const answer = await new Promise((resolve, reject) => {
      const headers = { Expect: "100-continue" };
      const request = http.request(url("/echo"), { method: "POST", headers }, response => {
        response.setEncoding("utf8").on("data", resolve).on("error", reject);
      });
      request.on("continue", () => request.end("continued")).on("error", reject);
      request.flushHeaders();
    });
    assert.equal(answer, "continued");
  }
};

await checks[name]();
