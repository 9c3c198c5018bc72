import { useId, type ReactElement } from "react";
import { Icon } from "../../ui/Icon.js";
import { SearchSelect } from "../../ui/SearchSelect.js";

interface Props {
  readonly label: string;
  readonly names: readonly string[];
  readonly options: readonly string[];
  readonly onChange: (names: readonly string[]) => void;
}

/** Beyond so many, names are searched instead of shown. */
const AT_A_GLANCE = 14;

/** Several out of a list of names. What was chosen and does not exist any more stays, marked, until it is taken out. */
export function NamePicker({ label, names, options, onChange }: Props): ReactElement {
  const id = useId();
  const toggle = (name: string) => onChange(names.includes(name) ? names.filter((one) => one !== name) : [...names, name]);
  const few = options.length <= AT_A_GLANCE;
  const gone = names.filter((name) => !options.includes(name));
  return (
    <fieldset className="name-picker">
      <legend>{label}</legend>
      <div className="choices">
        {few && options.map((name) => <label key={name} className="choice"><input type="checkbox" checked={names.includes(name)} onChange={() => toggle(name)} /><span>{name}</span></label>)}
        {(few ? gone : names).map((name) => (
          <button key={name} type="button" className={`picked ${options.includes(name) ? "" : "gone"}`} aria-label={`Take out ${name}`} title={options.includes(name) ? "" : "There is no such name any more"} onClick={() => toggle(name)}>{name}<Icon name="close" size={12} /></button>
        ))}
        {few && options.length === 0 && gone.length === 0 && <span className="faint">There is nothing to choose from yet.</span>}
      </div>
      {!few && <SearchSelect id={id} value="" placeholder={`Add one of ${options.length}`} options={options.filter((name) => !names.includes(name)).map((name) => ({ value: name, name, path: [] }))} onChoose={toggle} />}
    </fieldset>
  );
}
