import type { Provider } from "../../api/integrations.js";

/** What the owner of a bucket is to grant, as text to hand on. */
export interface Grant {
  readonly name: string;
  readonly note: string;
  readonly text: string;
}

/** The bucket and the beginning of keys in the prefix of an integration. */
function parts(prefix: string): { bucket: string; key: string } {
  const path = prefix.replace(/^(s3|gs):\/\//, "").replace(/^https:\/\/[^/]*\/?/, "");
  const [bucket = "", ...key] = path.split("/");
  return { bucket: bucket === "" ? "BUCKET" : bucket, key: key.join("/") };
}

/** The least that is needed to read files and to list them. */
export function grantsFor(provider: Provider, prefix: string, externalId: string, roleOf: "keys" | "server" | null): readonly Grant[] {
  const { bucket, key } = parts(prefix);
  if (provider === "gcs") {
    return [{
      name: "Role of the service account", note: "Storage Object Viewer on this bucket alone; it lets read and list.",
      text: `gcloud storage buckets add-iam-policy-binding gs://${bucket} \\\n  --member=serviceAccount:NAME@PROJECT.iam.gserviceaccount.com \\\n  --role=roles/storage.objectViewer`,
    }];
  }
  if (provider === "azure") {
    return [{
      name: "Shared access signature", note: "For this container alone; r lets read, l lets list. The account's key needs no grant, but opens everything.",
      text: `az storage container generate-sas --account-name ACCOUNT --name ${bucket} \\\n  --permissions rl --https-only --expiry 2027-12-31 --output tsv`,
    }];
  }
  const policy = {
    name: "Policy", note: `For ${roleOf !== null ? "the role" : "the owner of the keys"}. Without s3:ListBucket files can be named one by one, but not be listed.`,
    text: json({
      Version: "2012-10-17",
      Statement: [
        { Effect: "Allow", Action: "s3:GetObject", Resource: `arn:aws:s3:::${bucket}/${key}*` },
        { Effect: "Allow", Action: "s3:ListBucket", Resource: `arn:aws:s3:::${bucket}`, ...(key === "" ? {} : { Condition: { StringLike: { "s3:prefix": `${key}*` } } }) },
      ],
    }),
  };
  if (roleOf === null) return [policy];
  const owner = roleOf === "keys" ? "user/OWNER-OF-THE-KEYS" : "role/ROLE-OF-THIS-SERVER";
  return [policy, {
    name: "Trust policy of the role", note: `It names ${roleOf === "keys" ? "the owner of the keys" : "the identity of this server, which its operator knows"}, and the external id of this account, which no other account of this server has.`,
    text: json({
      Version: "2012-10-17",
      Statement: [{ Effect: "Allow", Principal: { AWS: `arn:aws:iam::ACCOUNT:${owner}` }, Action: "sts:AssumeRole", Condition: { StringEquals: { "sts:ExternalId": externalId } } }],
    }),
  }];
}

function json(value: object): string {
  return JSON.stringify(value, null, 2);
}
