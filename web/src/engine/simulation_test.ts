import { test } from "node:test";
import assert from "node:assert/strict";
import { judge } from "./simulation/judge.js";
import { Run, type Sabotage } from "./simulation/Run.js";

declare const process: { readonly env: { readonly [name: string]: string | undefined } };

const SOAK = process.env.VERNIER_SOAK !== undefined && process.env.VERNIER_SOAK !== "";
const RUNS = SOAK ? 200_000 : 10_000;
const FIRST = Number(process.env.VERNIER_SEED ?? 1);

test(`${RUNS} random runs of two writers: nothing is lost, doubled, overtaken or overwritten unasked, and both end alike`, async () => {
  for (let seed = FIRST; seed < FIRST + RUNS; seed++) {
    const wrong = judge(await new Run(seed).outcome());
    assert.deepEqual(wrong, [], `seed ${seed} (VERNIER_SEED=${seed} begins there)`);
  }
});

/** How each guarantee can be broken; a run of the model that does not notice proves nothing. */
const sabotages: { readonly [what: string]: Sabotage } = {
  "a server that stores a step once more each time it is sent": { server: (server) => { server.knows = () => false; server.misfit = () => null; } },
  "a server that does not look whether a step fits": { server: (server) => { server.misfit = () => null; } },
  "a journal that forgets": { journal: (journal) => ({ ...journal, append: async () => undefined }) },
  "a step that is shown and sent before it is in the journal": { journal: (journal) => ({ ...journal, append: async (entry) => void journal.append(entry) }) },
  "a journal that gives back its steps in another order": {
    journal: (journal) => ({ ...journal, open: async (...of) => { const record = await journal.open(...of); return { ...record, entries: [...record.entries].reverse() }; } }),
  },
  "steps that leave the journal when they are sent": {
    transport: (transport, disk) => ({ ...transport, send: async (request) => { await disk.remove(request.steps.map(({ id }) => id)); return transport.send(request); } }),
  },
  "a conflict that counts as an acknowledgement": {
    transport: (transport) => ({ ...transport, send: async (request) => {
      const reply = await transport.send(request);
      return reply.conflict === null ? reply : { ...reply, conflict: null, acknowledged: request.steps.map(({ id }) => id) };
    } }),
  },
  "a conflict that is settled without asking": {
    server: (server) => {
      const send = server.send.bind(server);
      server.send = (request) => send({ ...request, steps: request.steps.map((step) => (server.knows(step.id) || server.misfit(step.operations) === null ? step
        : { ...step, operations: step.operations.map((operation) => ({ ...operation, before: server.document.get(operation.collection)?.get(operation.key) ?? null })) })) });
    },
  },
  "a log of which nothing is shown": {
    server: (server) => {
      const draft = server.draft.bind(server), send = server.send.bind(server);
      server.draft = () => ({ ...draft(), history: [] });
      server.send = (request) => ({ ...send(request), missed: [] });
    },
  },
  "a refused step that is forgotten": {
    server: (server) => {
      const send = server.send.bind(server);
      server.send = (request) => { try { return send(request); } catch (error) { if (request.steps.length !== 1) throw error; return { revision: server.log.length, acknowledged: request.steps.map(({ id }) => id), missed: [], conflict: null }; } };
    },
  },
  "a server that stores half of a step": {
    server: (server) => {
      const send = server.send.bind(server);
      server.send = (request) => send({ ...request, steps: request.steps.map((step) => ({ ...step, operations: step.operations.slice(0, 1) })) });
    },
  },
};

for (const [what, sabotage] of Object.entries(sabotages)) {
  test(`the runs notice ${what}`, async () => {
    for (let seed = 1; seed <= 300; seed++) if (judge(await new Run(seed, sabotage).outcome()).length > 0) return;
    assert(false, "300 runs found nothing wrong");
  });
}
