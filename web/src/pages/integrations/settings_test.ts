import assert from "node:assert/strict";
import { test } from "node:test";
import type { Integration } from "../../api/integrations.js";
import { grantsFor } from "./grants.js";
import { changeOf, PROVIDERS, providerOf, wayOf } from "./settings.js";

const AZURE: Integration = {
  id: "1", provider: "azure", name: "pictures", prefix: "https://a.blob.core.windows.net/c/", settings: { endpoint: "http://one.example.com" }, secrets: ["account_key"],
  created_at: "2026-01-01T00:00:00Z", updated_at: "2026-01-01T00:00:00Z",
};

test("a new integration sends what its way has, and nothing that is blank", () => {
  const values = new Map<string, string | boolean>([["region", " eu-west-1 "], ["access_key", "a"], ["secret_key", "b"], ["role_arn", "left from the other way"], ["session_token", " "], ["path_style", true]]);
  assert.deepEqual(changeOf(" pictures ", " s3://bucket/ ", "s3", PROVIDERS.s3.ways[0]!, values, null), {
    name: "pictures", prefix: "s3://bucket/", region: "eu-west-1", access_key: "a", secret_key: "b", path_style: true,
  });
});

test("a change keeps secrets that are not typed again, and takes away what the new way does not have", () => {
  assert.equal(wayOf(AZURE), 0);
  const untouched = changeOf("pictures", AZURE.prefix, "azure", PROVIDERS.azure.ways[0]!, new Map(Object.entries(AZURE.settings)), AZURE);
  assert.deepEqual(untouched, { name: "pictures", prefix: AZURE.prefix, endpoint: "http://one.example.com" });
  const token = changeOf("pictures", AZURE.prefix, "azure", PROVIDERS.azure.ways[1]!, new Map([["sas", "sig=x"], ["endpoint", ""]]), AZURE);
  assert.deepEqual(token, { name: "pictures", prefix: AZURE.prefix, sas: "sig=x", account_key: "", endpoint: "" });
});

test("a role that the server takes has no keys", () => {
  const keys: Integration = { ...AZURE, provider: "s3", prefix: "s3://b/", settings: { role_arn: "arn", access_key: "a" }, secrets: ["secret_key"] };
  assert.deepEqual([wayOf(keys), wayOf({ ...keys, settings: { role_arn: "arn" }, secrets: [] })], [1, 2]);
  assert.deepEqual(changeOf("r", "s3://b/", "s3", PROVIDERS.s3.ways[2]!, new Map([["role_arn", "arn"]]), keys), { name: "r", prefix: "s3://b/", role_arn: "arn", access_key: "", secret_key: "" });
});

test("the address tells the provider", () => {
  assert.deepEqual(["s3://a/", "gs://a/", "https://a.blob.core.windows.net/c/", "a"].map(providerOf), ["s3", "gcs", "azure", null]);
});

test("grants name the bucket, the beginning of keys and the external id", () => {
  const [policy, trust] = grantsFor("s3", "s3://street/2026/", "vernier-x", "keys");
  assert(/arn:aws:s3:::street\/2026\/\*"/.test(policy!.text));
  assert(/"s3:prefix": "2026\/\*"/.test(policy!.text));
  assert(/"sts:ExternalId": "vernier-x"/.test(trust!.text));
  assert(/OWNER-OF-THE-KEYS/.test(trust!.text));
  assert(/ROLE-OF-THIS-SERVER/.test(grantsFor("s3", "s3://street/", "vernier-x", "server")[1]!.text));
  assert.equal(grantsFor("s3", "s3://street/", "vernier-x", null).length, 1);
  assert(/gs:\/\/street /.test(grantsFor("gcs", "gs://street/", "", null)[0]!.text));
});
