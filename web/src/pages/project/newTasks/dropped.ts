/** A file with the folders it stood in. */
export interface FoundFile {
  readonly file: File;
  readonly path: string;
}

/** Everything in what was dropped, folders and what is inside of them too. */
export async function filesOf(transfer: DataTransfer): Promise<readonly FoundFile[]> {
  // The entries are gone once the event is over, so all are taken before the first is waited for.
  const entries = [...transfer.items].filter(({ kind }) => kind === "file").map((item) => item.webkitGetAsEntry() ?? item.getAsFile());
  const found = await Promise.all(entries.map((entry) => (entry === null ? [] : entry instanceof File ? [{ file: entry, path: entry.name }] : inside(entry, ""))));
  return found.flat();
}

/** What a file field was given; folders chosen there tell their paths themselves. */
export function chosenFiles(list: FileList): readonly FoundFile[] {
  return [...list].map((file) => ({ file, path: file.webkitRelativePath === "" ? file.name : file.webkitRelativePath }));
}

async function inside(entry: FileSystemEntry, folder: string): Promise<readonly FoundFile[]> {
  const path = `${folder}${entry.name}`;
  if (entry.isFile) {
    const file = await new Promise<File>((resolve, reject) => (entry as FileSystemFileEntry).file(resolve, reject));
    return [{ file, path }];
  }
  const reader = (entry as FileSystemDirectoryEntry).createReader(), entries: FileSystemEntry[] = [];
  // A reader hands out about a hundred at a time, until there are none.
  for (;;) {
    const more = await new Promise<readonly FileSystemEntry[]>((resolve, reject) => reader.readEntries(resolve, reject));
    if (more.length === 0) break;
    entries.push(...more);
  }
  const found: FoundFile[] = [];
  for (const child of entries) found.push(...await inside(child, `${path}/`));
  return found;
}

/** Which files a task type can be about; what a folder holds besides is left out. */
export function sorted(files: readonly FoundFile[], onlyPictures: boolean): { readonly good: readonly FoundFile[]; readonly others: readonly FoundFile[] } {
  const isGood = ({ file, path }: FoundFile) => !(path.split("/").pop() ?? "").startsWith(".") && (!onlyPictures || file.type.startsWith("image/"));
  return { good: files.filter(isGood), others: files.filter((found) => !isGood(found)) };
}
