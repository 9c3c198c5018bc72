import { useState, type FormEvent, type ReactElement } from "react";
import { Dialog } from "../../ui/Dialog.js";

/** The networks that somebody typed, separated by blanks, commas or lines. */
export function networksOf(text: string): readonly string[] {
  return text.split(/[\s,]+/).filter((part) => part !== "");
}

/** Sets where a key may be used from; stays open when the server does not take it, whose words the page shows. */
export function NetworksDialog({ name, networks, onSave, onClose }: {
  name: string;
  networks: readonly string[];
  onSave: (networks: readonly string[]) => Promise<boolean>;
  onClose: () => void;
}): ReactElement {
  const [text, setText] = useState(networks.join("\n"));
  const save = (event: FormEvent) => {
    event.preventDefault();
    void onSave(networksOf(text)).then((done) => { if (done) onClose(); });
  };
  return (
    <Dialog title={`Where "${name}" may be used from`} onClose={onClose}>
      <form onSubmit={save}>
        <label>Addresses and networks, one a line<textarea rows={5} value={text} placeholder="203.0.113.0/24" onChange={(event) => setText(event.target.value)} /></label>
        <p className="faint">Calls from elsewhere are refused within two seconds. With nothing here the key may be used from anywhere.</p>
        <div className="actions"><button className="primary">Save</button><button type="button" onClick={onClose}>Leave it</button></div>
      </form>
    </Dialog>
  );
}
