import { useEffect, useState, type ReactElement } from "react";

/** What owners of storage and receivers of callbacks have to let in, where they let in only what they know. */
export function AllowList({ calls }: { calls: { readonly sources: () => Promise<readonly string[]> } }): ReactElement | null {
  const [addresses, setAddresses] = useState<readonly string[] | null>(null);
  useEffect(() => { calls.sources().then(setAddresses, () => undefined); }, [calls]);
  if (addresses === null) return null;
  return (
    <p className="faint">
      {addresses.length === 0
        ? "Files are fetched and callbacks sent from the address of this server. Whoever runs it can give it a fixed one and have it shown here, for firewalls that let in only what they know."
        : <>Files are fetched and callbacks sent from {addresses.map((address, i) => <span key={address}>{i === 0 ? "" : ", "}<code>{address}</code></span>)}: let {addresses.length === 1 ? "this address" : "these addresses"} in where your storage or firewall lets in only what it knows.</>}
    </p>
  );
}
