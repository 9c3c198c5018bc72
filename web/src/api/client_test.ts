import { test } from "node:test";
import assert from "node:assert/strict";
import { Api, ApiError } from "./client.js";

interface Call { readonly method: string; readonly path: string; readonly csrf: string | null }

/** A server that knows one session at a time. */
function serving(answer: (call: Call) => { status: number; body: string }): Call[] {
  const calls: Call[] = [];
  globalThis.fetch = async (path, init) => {
    const call = { method: init?.method ?? "GET", path: String(path), csrf: new Headers(init?.headers).get("X-CSRF-Token") };
    calls.push(call);
    const { status, body } = answer(call);
    return new Response(body, { status });
  };
  return calls;
}

const statusOf = (call: Promise<unknown>): Promise<number> => call.then(() => 200, (error: unknown) => (error instanceof ApiError ? error.status : -1));
const session = (user: string, csrf: string) => ({ status: 200, body: JSON.stringify({ user: { id: user }, csrf }) });

test("a session that the same person renewed in another tab is taken over and the call repeated", async () => {
  let now = session("ada", "one");
  const calls = serving(({ path, method, csrf }) => {
    if (path === "/api/session") return now;
    return method === "GET" || now.body.includes(`"${csrf}"`) ? { status: 200, body: '{"lease":{"token":"l"}}' } : { status: 403, body: '{"error":"The token is wrong."}' };
  });
  const api = new Api();
  await api.session();
  now = session("ada", "two");
  assert.deepEqual(await api.heartbeat("w", "l"), { token: "l" });
  assert.deepEqual(calls.map(({ csrf }) => csrf), [null, "one", null, "two"]);
});

test("nothing is sent in the name of somebody else who signed in in another tab", async () => {
  let now = session("ada", "one");
  serving(({ path }) => (path === "/api/session" ? now : { status: 403, body: '{"error":"The token is wrong."}' }));
  const api = new Api();
  let told = 0;
  api.onSignedOut = () => { told += 1; };
  await api.session();
  now = session("bob", "two");
  assert.equal(await statusOf(api.heartbeat("w", "l")), 401);
  assert.equal(told, 1);
});

test("what this person may not do is refused once", async () => {
  const calls = serving(({ path }) => (path === "/api/session" ? session("ada", "one") : { status: 403, body: '{"error":"Not yours."}' }));
  const api = new Api();
  await api.session();
  assert.equal(await statusOf(api.heartbeat("w", "l")), 403);
  assert.equal(calls.length, 3);
});

test("a page that answers in the server's place counts as no answer", async () => {
  serving(() => ({ status: 200, body: "<html>Please sign in to this network</html>" }));
  assert.equal(await statusOf(new Api().summary()), 0);
});
