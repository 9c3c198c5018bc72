import type { Integration, IntegrationChange, Provider } from "../../api/integrations.js";

/** A setting as the form asks for it. */
export interface SettingField {
  readonly name: string;
  readonly label: string;
  readonly placeholder?: string;
  readonly note?: string;
  readonly kind: "text" | "secret" | "long" | "tick";
}

/** One of the ways in which a provider can be reached. */
export interface Way {
  readonly name: string;
  readonly fields: readonly SettingField[];
  /** Whether it takes a server with an identity of its own. */
  readonly needsIdentity?: boolean;
}

const ENDPOINT: SettingField = { name: "endpoint", label: "Endpoint", placeholder: "https://storage.example.com:9000", note: "Only for servers other than the provider's own.", kind: "text" };
const REGION: SettingField = { name: "region", label: "Region", placeholder: "us-east-1", kind: "text" };
const ACCESS: SettingField = { name: "access_key", label: "Access key", placeholder: "AKIA…", kind: "text" };
const ROLE: SettingField = { name: "role_arn", label: "Role", placeholder: "arn:aws:iam::123456789012:role/vernier", kind: "text" };
const SECRET: SettingField = { name: "secret_key", label: "Secret key", kind: "secret" };

export const PROVIDERS: { readonly [provider in Provider]: { readonly name: string; readonly prefix: string; readonly ways: readonly Way[]; readonly more: readonly SettingField[] } } = {
  s3: {
    name: "S3 or compatible",
    prefix: "s3://bucket/",
    ways: [
      { name: "Keys", fields: [REGION, ACCESS, SECRET] },
      { name: "Keys that take a role", fields: [REGION, ACCESS, SECRET, ROLE] },
      { name: "A role that this server takes", fields: [REGION, ROLE], needsIdentity: true },
    ],
    more: [
      ENDPOINT,
      { name: "path_style", label: "The bucket stands in the path, not before the host", kind: "tick" },
      { name: "session_token", label: "Session token", note: "Goes with temporary keys.", kind: "secret" },
      { name: "sts_endpoint", label: "Endpoint for roles", note: "Only for servers other than the provider's own.", kind: "text" },
    ],
  },
  gcs: {
    name: "Google Cloud Storage",
    prefix: "gs://bucket/",
    ways: [
      { name: "Service account", fields: [{ name: "service_account", label: "JSON key", placeholder: "{ \"type\": \"service_account\", …", note: "The whole file of a service account's key.", kind: "long" }] },
      { name: "HMAC key", fields: [{ ...ACCESS, placeholder: "GOOG1E…" }, SECRET] },
    ],
    more: [ENDPOINT],
  },
  azure: {
    name: "Azure Blob Storage",
    prefix: "https://account.blob.core.windows.net/container/",
    ways: [
      { name: "Account key", fields: [{ name: "account_key", label: "Account key", kind: "secret" }] },
      { name: "Shared access signature", fields: [{ name: "sas", label: "Token", placeholder: "sv=…&sp=rl&sig=…", kind: "secret" }] },
    ],
    more: [ENDPOINT, { name: "path_style", label: "The account stands in the path, not before the host", kind: "tick" }],
  },
};

/** The way that an integration uses by now. */
export function wayOf({ provider, settings, secrets }: Integration): number {
  const has = (name: string) => secrets.includes(name) || settings[name] !== undefined;
  if (provider === "s3") return !has("role_arn") ? 0 : has("access_key") ? 1 : 2;
  return provider === "gcs" ? (has("secret_key") ? 1 : 0) : has("sas") ? 1 : 0;
}

/** The provider that the beginning of an address names. */
export function providerOf(prefix: string): Provider | null {
  if (prefix.startsWith("s3://")) return "s3";
  if (prefix.startsWith("gs://")) return "gcs";
  return prefix.startsWith("https://") ? "azure" : null;
}

/** What the server is sent: what was filled in, and empty texts for what the chosen way does not have. */
export function changeOf(name: string, prefix: string, provider: Provider, way: Way, values: ReadonlyMap<string, string | boolean>, before: Integration | null): IntegrationChange {
  const { ways, more } = PROVIDERS[provider];
  const wanted = new Set([...way.fields, ...more].map((field) => field.name));
  const sent: { [name: string]: string | boolean } = {};
  for (const [field, value] of values) if (wanted.has(field) && (typeof value === "boolean" || value.trim() !== "")) sent[field] = typeof value === "boolean" ? value : value.trim();
  if (before !== null) {
    const others = ways.flatMap(({ fields }) => fields.map((field) => field.name)).filter((field) => !wanted.has(field));
    for (const field of others) if (before.secrets.includes(field) || before.settings[field] !== undefined) sent[field] = "";
    // What stood there openly and was emptied goes; secrets stay as long as nothing new is typed.
    for (const [field, value] of Object.entries(before.settings)) if (typeof value === "string" && wanted.has(field) && (values.get(field) ?? value) === "") sent[field] = "";
  }
  return { name: name.trim(), prefix: prefix.trim(), ...sent };
}
