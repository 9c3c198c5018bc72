import type { ReactElement } from "react";
import { questionsOf, type Level } from "../../model/building/attributes.js";
import type { PartProps } from "./edit.js";
import { QuestionCard } from "./QuestionCard.js";

/** Which questions stand open, and which one was made just now. */
export interface Opened {
  readonly keys: ReadonlySet<string>;
  readonly fresh: string | null;
}

interface Props extends PartProps {
  readonly level: Level;
  readonly opened: Opened;
  readonly onOpened: (change: (opened: Opened) => Opened) => void;
  readonly onAsk: (level: Level, label: string | null) => void;
}

const TITLES: { readonly [level in Level]: { readonly title: string; readonly add: string; readonly none: string } } = {
  objects: { title: "What is asked about objects", add: "Add a question about objects", none: "Nothing is asked about single objects yet." },
  links: { title: "What is asked about links", add: "", none: "" },
  picture: { title: "What is asked about the whole picture", add: "Add a question about the picture", none: "Nothing is asked about the picture as a whole yet." },
};

/** The questions of one level, each folded to its words until somebody opens it. */
export function Questions({ params, edit, issues, level, opened, onOpened, onAsk }: Props): ReactElement | null {
  const all = questionsOf(params), questions = all.filter((question) => question.level === level);
  const { title, add, none } = TITLES[level];
  if (level === "links" && questions.length === 0) return null;
  return (
    <section className="builder-part" aria-label={title}>
      <h2>{title}</h2>
      {questions.length === 0 && <p className="faint">{none}</p>}
      {questions.map((question, i) => (
        <QuestionCard
          key={i} question={question} all={all} params={params} edit={edit} issues={issues} open={opened.keys.has(question.key)} fresh={opened.fresh === question.key}
          onToggle={() => onOpened(({ keys }) => ({ keys: toggled(keys, question.key), fresh: null }))}
          onRenamed={(key) => onOpened(({ keys }) => ({ keys: new Set([...keys].map((one) => (one === question.key ? key : one))), fresh: null }))}
        />
      ))}
      {add !== "" && <div><button type="button" onClick={() => onAsk(level, null)}>{add}</button></div>}
    </section>
  );
}

function toggled(keys: ReadonlySet<string>, key: string): ReadonlySet<string> {
  const next = new Set(keys);
  if (!next.delete(key)) next.add(key);
  return next;
}
